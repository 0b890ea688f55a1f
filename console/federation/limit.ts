/** Longer than a provider or pool that works takes to answer. */
const ANSWER_MS = 15_000;

/** Bounds a request in time. */
export const limit = () => ({ signal: AbortSignal.timeout(ANSWER_MS) });

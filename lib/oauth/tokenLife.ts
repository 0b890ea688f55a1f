/** Milliseconds before its end that a token is replaced at most: the longest that a request may take to be judged, and clocks differ. */
const MAX_MARGIN_MS = 60_000;
/** A short life must not be spent on margins. */
const MARGIN_SHARE = 0.05;

/**
 * When to get another token, epoch milliseconds: 60 s, or 5 % of its life where that is less, before it ends. Never,
 * where the server did not say when that is: then a 401 tells.
 */
export function refreshAt(expiresAt: number | undefined, gotAt: number): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  return expiresAt - Math.min(MAX_MARGIN_MS, Math.max(0, expiresAt - gotAt) * MARGIN_SHARE);
}

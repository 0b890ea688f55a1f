/** AWS credentials to sign with. Never log them. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Left out for those that do not expire. */
  expiration?: Date;
}

/** Where the credentials come from that sign the requests to one server. */
export interface AwsCredentialSource {
  /** @throws McpError `SIGNING_FAILED`: its message holds no secret */
  get(): Promise<AwsCredentials>;
  /** Told that the server refused them: drops temporary ones, and says whether another try is worth it. */
  renew(): boolean;
}

/** Milliseconds before expiry when new ones are asked for: a request under way and a clock that is off still pass. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

/** Milliseconds in which requests that were under way at a renewal learn of their refusal. */
const STRAGGLERS_MS = 10_000;

/** Milliseconds in which credentials are new: a server that refuses these would refuse the next ones too. */
const NEW_MS = 5 * 60_000;

/**
 * Keeps credentials until 5 minutes before they expire; however many calls wait, they are asked for once.
 * `obtain` is told `afresh` when what it may itself have cached was refused. `now` is in epoch milliseconds.
 */
export function keptCredentials(
  obtain: (afresh: boolean) => Promise<AwsCredentials>,
  now: () => number,
): AwsCredentialSource {
  let held: AwsCredentials | undefined;
  let pending: Promise<AwsCredentials> | undefined;
  let afresh = false;
  let obtainedAt = Number.NEGATIVE_INFINITY;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const refresh = async () => {
    const got = await obtain(afresh);
    held = got;
    afresh = false;
    obtainedAt = now();
    return got;
  };
  const usable = () => held && (!held.expiration || held.expiration.getTime() - now() > EXPIRY_MARGIN_MS);

  return {
    async get() {
      if (held && usable()) return held;
      pending ??= refresh().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    renew() {
      if (now() - renewedAt < STRAGGLERS_MS) return true;
      if (!held?.expiration || now() - obtainedAt < NEW_MS) return false;
      held = undefined;
      afresh = true;
      renewedAt = now();
      return true;
    },
  };
}

/** An access key, or temporary credentials with their session token. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  expiration?: Date | undefined;
}

/** Credentials, or a function that gets them, such as the providers of `@aws-sdk/credential-providers`. */
export type CredentialSource = Credentials | (() => Promise<Credentials>);

/** As long before they expire as the AWS SDKs: a request and a clock that is off have room. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * A function that answers with the credentials to sign with now. A provider is asked once for all who wait, and again
 * when what it gave is about to expire; credentials without `expiration` are asked for at every request.
 */
export function credentialsOf(source: CredentialSource, now: () => number): () => Promise<Credentials> {
  if (typeof source !== 'function') return async () => source;
  let kept: Credentials | undefined;
  let asking: Promise<Credentials> | undefined;
  return async () => {
    if (kept?.expiration && kept.expiration.getTime() - RENEW_BEFORE_MS > now()) return kept;
    asking ??= source().finally(() => {
      asking = undefined;
    });
    kept = await asking;
    return kept;
  };
}

import type { OidcConfig } from '../api/config.ts';
import type { Session } from '../api/session.ts';
import { limit } from './limit.ts';

/** The identity pool refused: by its rules this person gets no credentials. */
export class PoolRefusal extends Error {}

type TemporaryCredentials = Required<
  Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration'>
>;

/**
 * Credentials for an id token, by the enhanced flow of Amazon Cognito identity pools, whose calls take no signature.
 * @throws PoolRefusal; other errors may pass
 */
export async function credentialsFor(oidc: OidcConfig, idToken: string): Promise<TemporaryCredentials> {
  const Logins = { [oidc.issuer.replace(/^https:\/\//, '')]: idToken };
  const { IdentityId } = await ask(oidc, 'GetId', { IdentityPoolId: oidc.identityPoolId, Logins });
  const { Credentials } = await ask(oidc, 'GetCredentialsForIdentity', { IdentityId, Logins });
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretKey,
    sessionToken: Credentials.SessionToken,
    expiration: new Date(Credentials.Expiration * 1000).toISOString(),
  };
}

/** Faults that say nothing of the person: throttled, failed, or a provider that did not answer. */
const PASSING = /TooManyRequests|InternalError|ExternalService|ResourceConflict/;

interface Answer {
  IdentityId: string;
  Credentials: {
    AccessKeyId: string;
    SecretKey: string;
    SessionToken: string;
    /** Epoch seconds. */
    Expiration: number;
  };
}

async function ask({ identityUrl }: OidcConfig, operation: string, input: object): Promise<Answer> {
  const response = await fetch(identityUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityService.${operation}`,
    },
    body: JSON.stringify(input),
    ...limit(),
  });
  const answer = await response.json();
  if (response.ok) return answer as Answer;
  const message = String(answer.message ?? answer.__type ?? `HTTP ${response.status}`);
  const mayPass = response.status >= 500 || PASSING.test(String(answer.__type));
  throw mayPass ? new Error(message) : new PoolRefusal(message);
}

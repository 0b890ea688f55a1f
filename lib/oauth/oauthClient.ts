import type { OAuthClientCredential, OAuthCodeCredential } from '../credentials/credential.ts';
import type { OAuthClient } from './types.ts';

export type OAuthCredential = OAuthClientCredential | OAuthCodeCredential;

/** What token requests are made with, of a credential. */
export function oauthClientOf(credential: OAuthCredential): OAuthClient {
  const { clientId, clientSecret, exchangeUrl, scopes, exchangeParameters, authMethod } = credential;
  const resource = credential.kind === 'oauth-3lo' ? credential.resource : undefined;
  return { clientId, clientSecret, exchangeUrl, scopes, exchangeParameters, authMethod, resource };
}

import { invalid } from '../api/errors.ts';
import type { OAuthCodeCredential } from '../credentials/credential.ts';
import { EgressError } from '../egress/types.ts';
import { checkAddress, checkUrl, type UrlRules } from '../egress/urlPolicy.ts';
import { codeChallenge } from './pkce.ts';
import { OFFLINE_ACCESS, withOfflineAccess } from './scopes.ts';

/** Parameters of the provider's own query that would carry or move ours elsewhere (RFC 9101, OAuth response modes). */
const REFUSED = ['request', 'request_uri', 'response_mode'];

/**
 * Of `exchangeParameters`, those that providers know as parameters of the authorization request; they go along
 * there too. All others are for the token endpoint alone.
 */
const PASSED_ON = [
  'access_type',
  'audience',
  'include_granted_scopes',
  'login_hint',
  'organization',
  'prompt',
];

/** One authorization request. */
export interface AuthorizationRequest {
  state: string;
  redirectUri: string;
  /** Left out where PKCE is not used. */
  codeVerifier?: string | undefined;
}

/**
 * Refuses an authorization endpoint that is not HTTPS, not public in form, or whose query would stand in for the
 * request's own parameters. Plain http:// passes for loopback and opened addresses, under `ALLOW_INSECURE_HTTP`.
 * @throws ValidationException at `path`
 */
export function checkAuthorizationUrl(url: string, rules: UrlRules, path: string): void {
  const fault = authorizationUrlFault(url, rules);
  if (fault !== undefined) throw invalid(path, fault);
}

/** What is wrong with an authorization endpoint, if anything: see {@link checkAuthorizationUrl}. */
export function authorizationUrlFault(url: string, rules: UrlRules): string | undefined {
  try {
    const parsed = checkUrl(url, rules);
    const isLocal = /^(.+\.)?localhost$/.test(parsed.hostname);
    // What browsers take the name for (RFC 6761 §6.3).
    if (isLocal) checkAddress(parsed, '127.0.0.1', rules.opened);
    const isNamed = !isLocal && !/^\[|^[\d.]+$/.test(parsed.hostname);
    // A browser, not egress, goes there: nothing else would judge the address behind the name.
    if (parsed.protocol === 'http:' && isNamed) return 'must begin with https://';
    const carried = REFUSED.find(name => parsed.searchParams.has(name));
    return carried && `must not carry ${carried}, which would change the request`;
  } catch (error) {
    if (error instanceof EgressError) return error.message;
    throw error;
  }
}

/**
 * Refuses a URL that egress would refuse for its form: before a person has consented in vain.
 * @throws ValidationException at `path`
 */
export function checkFetchedUrl(url: string, rules: UrlRules, path: string): void {
  try {
    checkUrl(url, rules);
  } catch (error) {
    throw error instanceof EgressError ? invalid(path, error.message) : error;
  }
}

/** The scopes that are asked for: `offline_access` is always among them, but for discovery, which knows better. */
export function requestedScopes({ scopes, discovered }: OAuthCodeCredential): string[] {
  return discovered ? [...scopes] : withOfflineAccess(scopes);
}

/** The provider's URL for one consent (RFC 6749 §4.1.1, RFC 7636, RFC 8707); its own query is kept. */
export function authorizationUrl(credential: OAuthCodeCredential, request: AuthorizationRequest): string {
  const url = new URL(credential.authorizationUrl);
  const scopes = requestedScopes(credential);
  for (const name of PASSED_ON) {
    const value = credential.exchangeParameters[name];
    if (value !== undefined) url.searchParams.set(name, value);
  }
  // OpenID Connect Core §11: without it providers may leave the refresh token out. Another `prompt` is the operator's choice.
  if (scopes.includes(OFFLINE_ACCESS) && !url.searchParams.has('prompt')) {
    url.searchParams.set('prompt', 'consent');
  }
  const protocol: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: credential.clientId,
    redirect_uri: request.redirectUri,
    scope: scopes.join(' ') || undefined,
    state: request.state,
    resource: credential.resource,
    code_challenge: request.codeVerifier && codeChallenge(request.codeVerifier),
    code_challenge_method: request.codeVerifier && 'S256',
  };
  for (const [name, value] of Object.entries(protocol)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  if (url.searchParams.get('prompt') === '') url.searchParams.delete('prompt');
  return url.href;
}

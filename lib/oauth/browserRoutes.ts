import { CALLBACK_PATH, CLIENT_METADATA_PATH, CONSENT_PATH } from './consentSettings.ts';

/** A route that browsers and authorization servers use without a signature. */
export interface BrowserRoute {
  /** Its file in functions/. */
  name: BrowserRouteName;
  method: 'GET' | 'POST';
  path: string;
}

export type BrowserRouteName = 'oauthConsent' | 'oauthCallback' | 'clientMetadata';

/** All of them. Whatever they do is bound to a ticket, or to a `state` and a cookie. */
export const browserRoutes: readonly BrowserRoute[] = [
  { name: 'oauthConsent', method: 'GET', path: CONSENT_PATH },
  { name: 'oauthConsent', method: 'POST', path: CONSENT_PATH },
  { name: 'oauthCallback', method: 'GET', path: CALLBACK_PATH },
  { name: 'clientMetadata', method: 'GET', path: CLIENT_METADATA_PATH },
];

/**
 * The path as API Gateway has to know it. A resource `/v1/register/mcpserver` would hide the operations below
 * `/v1/register/{service}` from it, so that the label stands in its place.
 */
export function gatewayPath({ path }: Pick<BrowserRoute, 'path'>): string {
  return path.replace('/v1/register/mcpserver/', '/v1/register/{service}/');
}

/** The route of a request, path as sent. */
export function browserRoute(method: string, rawPath: string): BrowserRoute | undefined {
  return browserRoutes.find(route => route.method === method && route.path === rawPath);
}

import { describe, expect, it } from 'vitest';
import type { OAuthCodeCredential } from '../../../lib/credentials/credential.ts';
import { authorizationUrl, checkAuthorizationUrl } from '../../../lib/oauth/authorizationUrl.ts';
import { loadConsentSettings, redirectUri } from '../../../lib/oauth/consentSettings.ts';
import { checkReturnTo, returnUrl } from '../../../lib/oauth/returnTo.ts';

const CREDENTIAL: OAuthCodeCredential = {
  kind: 'oauth-3lo',
  clientId: 'client 1&2',
  authorizationUrl: 'https://auth.example.com/authorize?tenant=a%20b&state=theirs&client_id=theirs',
  exchangeUrl: 'https://auth.example.com/token',
  scopes: ['mcp:read'],
  exchangeParameters: { secret_thing: 'x', audience: 'https://api' },
  supportCodeChallenge: true,
};

const REQUEST = {
  state: 'ours',
  redirectUri: 'https://switchboard.example.com/cb',
  codeVerifier: 'v'.repeat(43),
};

function parametersOf(credential: Partial<OAuthCodeCredential>, request: Partial<typeof REQUEST> = {}) {
  const url = new URL(authorizationUrl({ ...CREDENTIAL, ...credential }, { ...REQUEST, ...request }));
  return url.searchParams;
}

describe('the authorization URL', () => {
  it('keeps its own query, and lets none of our parameters be overridden', () => {
    const parameters = parametersOf({});
    expect(parameters.get('tenant')).toBe('a b');
    expect(parameters.getAll('state')).toEqual(['ours']);
    expect(parameters.getAll('client_id')).toEqual(['client 1&2']);
    expect(parameters.getAll('redirect_uri')).toEqual([REQUEST.redirectUri]);
    expect(parameters.get('response_type')).toBe('code');
    expect(parameters.get('code_challenge_method')).toBe('S256');
    expect(parameters.get('code_challenge')).not.toBe(REQUEST.codeVerifier);
  });

  it('always asks for offline_access, but after discovery, which says whether it is offered', () => {
    expect(parametersOf({}).get('scope')).toBe('mcp:read offline_access');
    expect(parametersOf({ scopes: [] }).get('scope')).toBe('offline_access');
    expect(parametersOf({ discovered: true }).get('scope')).toBe('mcp:read');
    expect(parametersOf({ discovered: true, scopes: [] }).has('scope')).toBe(false);
  });

  it('asks for consent where refresh tokens are wanted, unless the operator chose a prompt', () => {
    expect(parametersOf({}).get('prompt')).toBe('consent');
    expect(parametersOf({ discovered: true }).has('prompt')).toBe(false);
    expect(parametersOf({ exchangeParameters: { prompt: 'select_account' } }).get('prompt')).toBe(
      'select_account',
    );
    expect(parametersOf({ exchangeParameters: { prompt: '' } }).has('prompt')).toBe(false);
    const own = { authorizationUrl: 'https://auth.example.com/a?prompt=none' };
    expect(parametersOf(own).get('prompt')).toBe('none');
  });

  it('passes on exchange parameters that authorization endpoints know, and no others', () => {
    expect(parametersOf({}).get('audience')).toBe('https://api');
    expect(parametersOf({}).has('secret_thing')).toBe(false);
    const state = parametersOf({ exchangeParameters: { state: 'x', scope: 'admin' } });
    expect([state.get('state'), state.get('scope')]).toEqual(['ours', 'mcp:read offline_access']);
  });

  it('names the resource where there is one, and leaves PKCE out where it is not supported', () => {
    expect(parametersOf({ resource: 'https://mcp.example.com/mcp' }).get('resource')).toBe(
      'https://mcp.example.com/mcp',
    );
    const url = `${CREDENTIAL.authorizationUrl}&code_challenge=theirs&resource=theirs`;
    const { codeVerifier: _, ...without } = REQUEST;
    const plain = new URL(authorizationUrl({ ...CREDENTIAL, authorizationUrl: url }, without));
    for (const name of ['code_challenge', 'code_challenge_method', 'resource']) {
      expect(plain.searchParams.has(name), name).toBe(false);
    }
  });
});

describe('checkAuthorizationUrl', () => {
  const { urlRules } = loadConsentSettings({ PUBLIC_BASE_URL: 'https://switchboard.example.com' });
  const insecure = loadConsentSettings({
    PUBLIC_BASE_URL: 'https://switchboard.example.com',
    ALLOW_INSECURE_HTTP: 'true',
    ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
  }).urlRules;
  const refusal = (url: string, rules = urlRules) => {
    try {
      checkAuthorizationUrl(url, rules, '/at');
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('takes public HTTPS addresses', () => {
    expect(refusal('https://auth.example.com/authorize?tenant=1')).toBeUndefined();
  });

  it.each([
    'http://auth.example.com/a',
    'https://127.0.0.1/a',
    'https://localhost/a',
    'https://auth.localhost./a',
    'https://2130706433/a',
    'https://[::ffff:10.0.0.1]/a',
    'https://169.254.169.254/a',
    'https://user:password@auth.example.com/a',
    'https://auth.example.com/a#fragment',
    'https://switchboard.example.com/v1/register/mcpserver/callback',
    'javascript:alert(1)',
    'https://auth.example.com/a?request=eyJ',
    'https://auth.example.com/a?request_uri=https://x',
    'https://auth.example.com/a?response_mode=fragment',
  ])('refuses %s', url => {
    expect(refusal(url)).toMatch(/^\/at: /);
  });

  it('takes plain HTTP on opened addresses alone', () => {
    expect(refusal('http://127.0.0.1:9/a', insecure)).toBeUndefined();
    expect(refusal('http://localhost:9/a', insecure)).toBeUndefined();
    expect(refusal('http://auth.example.com/a', insecure)).toBe('/at: must begin with https://');
    expect(refusal('http://203.0.113.1.nip.example/a', insecure)).toBe('/at: must begin with https://');
    expect(refusal('http://10.0.0.1/a', insecure)).toContain('private address');
  });
});

describe('returnToEndpoint', () => {
  const settings = { consoleOrigins: ['https://console.example.com'] };

  it.each([
    'https://evil.example.com/',
    'https://console.example.com.evil.example/',
    'https://console.example.com:8443/',
    'http://console.example.com/',
    'https://user@console.example.com/',
    'https://evil.example.com/https://console.example.com/',
    'https://console.example.com@evil.example.com/',
    'not a url',
  ])('refuses %s', url => {
    expect(() => checkReturnTo(url, settings, '/at')).toThrow('/at: must be on one of');
    expect(returnUrl(url, { serviceId: 'x' }, settings)).toBeUndefined();
  });

  it('brings the outcome back, and nothing that the registration put in its place', () => {
    const to = 'https://console.example.com/x?tab=1&serviceId=forged&error=forged#part';
    checkReturnTo(to, settings, '/at');
    expect(returnUrl(to, { serviceId: 'mcpserver-1' }, settings)).toBe(
      'https://console.example.com/x?tab=1&serviceId=mcpserver-1#part',
    );
    expect(returnUrl(to, { error: 'access_denied' }, settings)).toBe(
      'https://console.example.com/x?tab=1&error=access_denied#part',
    );
  });
});

describe('loadConsentSettings', () => {
  it('takes every URL from PUBLIC_BASE_URL, a stage in its path included', () => {
    const settings = loadConsentSettings({ PUBLIC_BASE_URL: 'https://api.example.com/dev/' });
    expect(redirectUri(settings)).toBe('https://api.example.com/dev/v1/register/mcpserver/callback');
    expect(settings.consoleOrigins).toEqual(['https://api.example.com']);
    expect(settings.clientMetadataUrl).toBe(
      'https://api.example.com/dev/v1/register/mcpserver/client-metadata.json',
    );
    expect(loadConsentSettings({ PUBLIC_BASE_URL: 'http://127.0.0.1:1' }).clientMetadataUrl).toBeUndefined();
  });

  it.each([
    [{ PUBLIC_BASE_URL: 'ftp://x' }, 'PUBLIC_BASE_URL'],
    [{ PUBLIC_BASE_URL: 'https://x/?y' }, 'PUBLIC_BASE_URL'],
    [{ CONSOLE_ORIGINS: 'https://a.example,https://b.example/path' }, 'CONSOLE_ORIGINS'],
    [{ CONSOLE_ORIGINS: '*' }, 'CONSOLE_ORIGINS'],
    [{ CLIENT_METADATA_URL: 'http://x/y' }, 'CLIENT_METADATA_URL'],
  ])('refuses %j', (env, name) => {
    expect(() => loadConsentSettings(env)).toThrow(name);
  });
});

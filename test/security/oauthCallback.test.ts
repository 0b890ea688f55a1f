import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OAuthCodeCredential } from '../../lib/credentials/credential.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../support/oauth/clients.ts';
import { CONSOLE, type ConsentApp, startConsentApp } from '../support/oauth/consentApp.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { scan } from '../support/oauth/tableDump.ts';

let app: ConsentApp;
let server: AuthorizationServer;
/** Somebody else's, as good as the first. */
let other: AuthorizationServer;

beforeAll(async () => {
  app = await startConsentApp();
  server = await startAuthorizationServer({
    redirectUris: [`${app.base}/v1/register/mcpserver/callback`],
  });
  other = await startAuthorizationServer();
});

afterAll(async () => {
  await Promise.all([server.close(), other.close(), app.stop()]);
});

function credential(more: Partial<OAuthCodeCredential> = {}): OAuthCodeCredential {
  return {
    kind: 'oauth-3lo',
    ...CLIENTS.confidential,
    authorizationUrl: server.authorizationUrl,
    exchangeUrl: server.tokenUrl,
    scopes: ['mcp:read'],
    exchangeParameters: {},
    supportCodeChallenge: true,
    issuer: server.issuer,
    ...more,
  };
}

/** A consent whose person has come as far as the callback. */
async function atCallback(more: Parameters<ConsentApp['start']>[1] = {}, of = credential()) {
  const url = await app.start(of, more);
  const person = newPerson();
  const back = await person.consent(url, server);
  return { url, person, back };
}

/** What must hold after a callback that proves nothing. */
async function unmoved(url: string, work: () => Promise<{ status: number; location: string; body: string }>) {
  const [events, exchanges] = [(await app.events()).length, server.tokenRequests().length];
  const before = await app.pending(url);
  const answer = await work();
  expect(answer).toMatchObject({ status: 400, location: '' });
  expect(answer.body).toContain('does not belong to a consent');
  expect(await app.pending(url)).toEqual(before);
  expect((await app.events()).length).toBe(events);
  expect(server.tokenRequests().length).toBe(exchanges);
}

const changed = (url: URL, set: Record<string, string | undefined>) => {
  const next = new URL(url);
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  return next;
};

describe('a callback is answered by a page, and changes nothing,', () => {
  it.each([
    ['forged', (state: string) => `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`],
    ['of another account', (state: string) => state.replace('111122223333', '444455556666')],
    ['without an account', (state: string) => state.slice(13)],
    ['empty', () => undefined],
    ['enormous', (state: string) => state.repeat(200)],
  ])('when its state is %s', async (_name, forge) => {
    const { url, person, back } = await atCallback();
    const state = forge(back.searchParams.get('state') ?? '');
    await unmoved(url, () => person.get(changed(back, { state })));
    expect((await person.get(back)).location).toContain('serviceId=');
  });

  it('when a parameter is sent twice', async () => {
    const { url, person, back } = await atCallback();
    for (const [name, value] of back.searchParams) {
      await unmoved(url, () => person.get(`${back.href}&${name}=${encodeURIComponent(value)}`));
    }
  });

  it.each([
    ['missing', undefined],
    ['foreign', `switchboard-consent=${'a'.repeat(43)}`],
    ['malformed', 'switchboard-consent=x'],
  ])('when its cookie is %s', async (_name, cookie) => {
    const { url, person, back } = await atCallback();
    const stranger: Person = newPerson();
    stranger.cookie = cookie;
    await unmoved(url, () => stranger.get(back));
    expect((await person.get(back)).location).toContain('serviceId=');
  });

  it('when the browser began another consent, not this one', async () => {
    const mine = await atCallback();
    const theirs = await atCallback();
    await unmoved(theirs.url, () => mine.person.get(theirs.back));
  });

  it('when nobody went on from the page', async () => {
    const url = await app.start(credential());
    const other = await atCallback();
    await unmoved(url, () => other.person.get(changed(other.back, { state: stateOf(url) })));
  });
});

/** What a thief of the ticket could reckon. */
function stateOf(consentUrl: string): string {
  const ticket = new URL(consentUrl).searchParams.get('ticket') ?? '';
  return `${ticket.slice(0, 13)}${'x'.repeat(43)}`;
}

describe('a callback ends the consent, with an event and no registration,', () => {
  async function ends(answer: { location: string }, code: string, message: string) {
    expect(answer.location).toBe(`${CONSOLE}/done?tab=1&error=${code}`);
    const event = (await app.events()).at(-1);
    expect(event?.errorMessage).toContain(message);
  }

  it.each([
    ['comes from another issuer', 'https://evil.example.com', 'comes from another issuer'],
    ['differs by a slash', 'SLASH', 'comes from another issuer'],
  ])('when its iss %s', async (_name, iss, message) => {
    const { person, back } = await atCallback();
    const exchanges = server.tokenRequests().length;
    const wrong = changed(back, { iss: iss === 'SLASH' ? `${server.issuer}/` : iss });
    await ends(await person.get(wrong), 'response_rejected', message);
    expect(server.tokenRequests().length).toBe(exchanges);
    // The code that was not used is not used later either.
    expect((await person.get(back)).location).toContain('error=response_rejected');
  });

  it('when iss is missing that the server always sends, even beside an error', async () => {
    for (const error of [undefined, 'access_denied']) {
      const { person, back } = await atCallback({ issRequired: true });
      const answer = await person.get(changed(back, { iss: undefined, error }));
      await ends(answer, 'response_rejected', 'does not name its issuer');
    }
  });

  it('but not when iss is missing that nobody promised', async () => {
    const { person, back } = await atCallback();
    expect((await person.get(changed(back, { iss: undefined }))).location).toContain('serviceId=');
  });

  it('when its iss does not speak for the authorization endpoint that was configured', async () => {
    for (const iss of [other.issuer, 'https://10.0.0.1', 'https://127.0.0.1:1', 'evil', 'javascript:1']) {
      const { person, back } = await atCallback({}, credential({ issuer: undefined }));
      const exchanges = server.tokenRequests().length;
      await ends(await person.get(changed(back, { iss })), 'response_rejected', 'comes from another issuer');
      expect(server.tokenRequests().length).toBe(exchanges);
    }
  });

  it('but not when its iss does: of the same origin, or by metadata that names the endpoint', async () => {
    const path = '/.well-known/oauth-authorization-server';
    const elsewhere = await startTlsServer((request, response) => {
      const { origin } = new URL(elsewhere.url);
      const { authorizationUrl, tokenUrl } = server;
      response.writeHead(request.url === path ? 200 : 404, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          issuer: origin,
          authorization_endpoint: authorizationUrl,
          token_endpoint: tokenUrl,
          response_types_supported: ['code'],
        }),
      );
    });
    for (const iss of [server.issuer, `${server.issuer}/tenant`, new URL(elsewhere.url).origin]) {
      const { person, back } = await atCallback({}, credential({ issuer: undefined }));
      expect((await person.get(changed(back, { iss }))).location).toContain('serviceId=');
    }
    await elsewhere.close();
  });

  it('when its code was made for another client', async () => {
    const mine = await atCallback();
    const theirs = await atCallback({}, credential({ clientId: 'public', clientSecret: undefined }));
    const code = theirs.back.searchParams.get('code') ?? '';
    await ends(await mine.person.get(changed(mine.back, { code })), 'exchange_failed', 'TOKEN_');
  });

  it('when its code was made for another consent of the same client (PKCE)', async () => {
    const [mine, theirs] = [await atCallback(), await atCallback()];
    const code = theirs.back.searchParams.get('code') ?? '';
    await ends(await mine.person.get(changed(mine.back, { code })), 'exchange_failed', 'invalid_grant');
  });

  it('when there is no code', async () => {
    const { person, back } = await atCallback();
    await ends(await person.get(changed(back, { code: undefined })), 'response_rejected', 'holds no code');
  });

  it('when there is an error, of which only known names and scrubbed words are told', async () => {
    const { person, back } = await atCallback();
    const state = back.searchParams.get('state') ?? '';
    const error_description = `<b>\u001b[31mno</b> ${state} ${state.slice(13)}`;
    const answer = await person.get(changed(back, { code: undefined, error: 'made<up>', error_description }));
    await ends(answer, 'provider_error', 'an error that OAuth does not name');
    const message = String((await app.events()).at(-1)?.errorMessage);
    expect(message).not.toContain('made');
    expect(message).not.toContain(state.slice(13));
    expect(message).not.toContain('\u001b');
  });
});

describe('the consent page', () => {
  it('is for tickets alone: the state that the provider sees does not open it', async () => {
    const { url, person, back } = await atCallback();
    const state = back.searchParams.get('state') ?? '';
    expect((await person.get(changed(new URL(url), { ticket: state }))).status).toBe(404);
    expect((await person.get(`${url}&ticket=x`)).status).toBe(404);
    const other = changed(new URL(url), {
      ticket: new URL(url).searchParams.get('ticket')?.replace('1111', '4444'),
    });
    expect((await person.get(other)).status).toBe(404);
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example.com' }],
    [{ origin: 'null' }],
    [{}],
  ])('is not skipped by a form of another page (%j)', async headers => {
    const url = await app.start(credential());
    const person = newPerson();
    const answer = await person.post(url, headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 403, location: '' });
    expect(person.cookie).toBeUndefined();
    expect(await app.pending(url)).toMatchObject({ status: 'started' });
  });

  it('takes Origin from browsers that do not know Sec-Fetch-Site', async () => {
    const url = await app.start(credential());
    expect((await newPerson().post(url, { origin: app.base })).status).toBe(303);
  });

  it('sends to the redirect URI of PUBLIC_BASE_URL, whatever the Host header says', async () => {
    const url = await app.start(credential());
    const viaOtherName = new URL(url);
    viaOtherName.hostname = 'localhost';
    const answer = await newPerson().post(viaOtherName.href);
    expect(new URL(answer.location).searchParams.get('redirect_uri')).toBe(
      `${app.base}/v1/register/mcpserver/callback`,
    );
  });
});

describe('what is refused before a consent begins', () => {
  it.each([
    [{ returnTo: 'https://evil.example.com/' }, '/returnTo'],
    [{ credential: credential0('http://auth.example.com/a') }, '/authorizationUrl'],
    [{ credential: credential0('https://10.0.0.1/a') }, '/authorizationUrl'],
    [{ credential: credential0('https://auth.example.com/a?request_uri=x') }, '/authorizationUrl'],
    [{ credential: credential0(FINE, 'https://10.0.0.1/token') }, '/exchangeUrl'],
    [{ credential: credential0(FINE, 'http://auth.example.com/token') }, '/exchangeUrl'],
    [{ server: { name: 'weather', endpoint: 'https://169.254.169.254/mcp' } }, '/endpoint'],
  ])('%j', async (more, path) => {
    const { credential: own, ...rest } = more as { credential?: OAuthCodeCredential; returnTo?: string };
    await expect(app.start(own ?? credential(), rest)).rejects.toThrow(`${path}: `);
  });
});

const FINE = 'https://auth.example.com/authorize';

function credential0(
  authorizationUrl: string,
  exchangeUrl = 'https://auth.example.com/token',
): OAuthCodeCredential {
  return {
    kind: 'oauth-3lo',
    clientId: 'x',
    authorizationUrl,
    exchangeUrl,
    scopes: [],
    exchangeParameters: {},
    supportCodeChallenge: true,
  };
}

describe('secrets of a consent', () => {
  it('are in no redirect, event, log or stored item', async () => {
    const { url, person, back } = await atCallback({
      input: {
        service: 'mcpserver',
        serviceDetails: { mcpserver: { authorizationConfig: { oAuth3LO: CLIENTS.confidential } } },
      },
    });
    const failing = await atCallback();
    server.setFault('echoes');
    const failed = await failing.person.get(failing.back);
    server.setFault(undefined);
    const done = await person.get(back);
    const tokens = app.completed.at(-1)?.secret.grant.tokens;
    const parameter = (of: string | URL, name: string) => new URL(of).searchParams.get(name) ?? '';
    const secrets = [
      CLIENT_SECRET,
      tokens?.accessToken ?? '',
      tokens?.refreshToken ?? '',
      ...[url, failing.url].map(of => parameter(of, 'ticket').slice(13)),
      ...[back, failing.back].flatMap(of => [parameter(of, 'state').slice(13), parameter(of, 'code')]),
      ...[person, failing.person].map(({ cookie = '' }) => cookie.split('=')[1] ?? ''),
    ];
    expect(secrets.every(secret => secret.length > 20)).toBe(true);
    const stored = await scan(app.deps);
    const seen = {
      redirects: done.location + failed.location,
      events: JSON.stringify(await app.events()),
      logs: app.logged.join('\n'),
      stored,
    };
    for (const [where, text] of Object.entries(seen)) {
      for (const secret of secrets) expect(text.includes(secret), `${where}: ${secret}`).toBe(false);
    }
  });
});

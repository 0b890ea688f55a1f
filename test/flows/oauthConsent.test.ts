import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fail, invalid } from '../../lib/api/errors.ts';
import type { OAuthCodeCredential } from '../../lib/credentials/credential.ts';
import { keepClient, knownClient } from '../../lib/oauth/clientRegistrationStore.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { transact } from '../../lib/store/transact.ts';
import { update } from '../../lib/store/write.ts';
import { ACCOUNT } from '../support/app.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENTS, type TestClient } from '../support/oauth/clients.ts';
import { CONSOLE, type ConsentApp, startConsentApp } from '../support/oauth/consentApp.ts';
import { newPerson } from '../support/oauth/person.ts';

let app: ConsentApp;
let server: AuthorizationServer;

beforeAll(async () => {
  app = await startConsentApp();
  server = await startAuthorizationServer({
    redirectUris: [`${app.base}/v1/register/mcpserver/callback`],
  });
});

afterEach(() => {
  app.setComplete(undefined);
  server.setFault(undefined);
  server.setPerson('consents');
});

afterAll(async () => {
  await Promise.all([server.close(), app.stop()]);
});

function credential(client: TestClient = CLIENTS.public, more: Partial<OAuthCodeCredential> = {}) {
  return {
    kind: 'oauth-3lo',
    ...client,
    authorizationUrl: server.authorizationUrl,
    exchangeUrl: server.tokenUrl,
    scopes: ['mcp:read'],
    exchangeParameters: {},
    supportCodeChallenge: true,
    issuer: server.issuer,
    ...more,
  } satisfies OAuthCodeCredential;
}

const registered = async (serviceId: string) => getItem(app.deps, keys.service(ACCOUNT, serviceId));
const grants = () => server.counts.granted.authorization_code ?? 0;

describe('a consent', () => {
  it.each([
    ['a public client by PKCE', CLIENTS.public, true],
    ['a confidential client without PKCE', CLIENTS.confidential, false],
  ])('of %s ends with a registration', async (_name, client, supportCodeChallenge) => {
    const url = await app.start(credential(client, { supportCodeChallenge }), { memo: { version: 7 } });
    expect(url).toMatch(/\/v1\/register\/mcpserver\/consent\?ticket=111122223333\.[\w-]{43}$/);
    const person = newPerson();
    const provider = await person.goOn(url);
    expect(provider.searchParams.has('code_challenge')).toBe(supportCodeChallenge);
    const done = await person.get(await server.consent(provider));
    const consented = app.completed.at(-1);
    const serviceId = consented?.pending.serviceId ?? '';
    expect(done).toMatchObject({ status: 303, location: `${CONSOLE}/done?tab=1&serviceId=${serviceId}` });
    expect(consented?.secret.grant.tokens.accessToken).toBeTruthy();
    expect(consented?.secret.grant.tokens.refreshToken).toBeTruthy();
    expect(consented?.secret).toMatchObject({ memo: { version: 7 }, credential: client });
    expect(await registered(serviceId)).toBeTruthy();
    const pending = await app.pending(url);
    expect(pending).toMatchObject({ status: 'done' });
    expect(pending?.ciphertext).toBeUndefined();
  });

  it('is recorded with the initiator, from the browser that finished it', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    await person.get(await person.consent(url, server));
    const [began, ended] = (await app.events()).slice(-2);
    expect(began?.responseElements.additionalStep.oauth.authorizationUrl).toBe(
      'HIDDEN_DUE_TO_SECURITY_REASONS',
    );
    const serviceId = app.completed.at(-1)?.pending.serviceId;
    expect(ended).toMatchObject({
      eventName: 'RegisterService',
      sourceIPAddress: '127.0.0.1',
      responseElements: { serviceId },
      additionalEventData: { consent: { requestID: began?.requestID, sourceIPAddress: '192.0.2.7' } },
    });
    expect(ended?.userIdentity).toMatchObject({ userName: 'alice' });
    expect(ended?.errorCode).toBeUndefined();
  });

  it('may be gone on with again, and belongs to the browser that went on last', async () => {
    const url = await app.start(credential());
    const [first, second] = [newPerson(), newPerson()];
    const early = await first.consent(url, server);
    const late = await second.consent(url, server);
    expect((await first.get(early)).status).toBe(400);
    expect((await second.get(late)).location).toContain('serviceId=');
  });

  it('does not end another that the same browser has under way', async () => {
    const person = newPerson();
    const [one, two] = [await app.start(credential()), await app.start(credential())];
    const [backFromOne, backFromTwo] = [await person.consent(one, server), await person.consent(two, server)];
    expect((await person.get(backFromOne)).location).toContain('serviceId=');
    expect((await person.get(backFromTwo)).location).toContain('serviceId=');
  });

  it('tells the same again on a reload, without using the code again', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    const before = grants();
    const first = await person.get(back);
    expect((await person.get(back)).location).toBe(first.location);
    expect(grants()).toBe(before + 1);
    expect((await person.get(url)).status).toBe(404);
  });
});

describe('a consent that fails', () => {
  async function failing(more: Partial<OAuthCodeCredential> = {}) {
    const url = await app.start(credential(CLIENTS.public, more));
    const person = newPerson();
    const back = await person.consent(url, server);
    const before = app.completed.length;
    const answer = await person.get(back);
    const pending = await app.pending(url);
    expect(app.completed.length).toBe(before);
    expect(await registered(pending?.serviceId ?? '')).toBeUndefined();
    const event = (await app.events()).at(-1);
    return { answer, pending, event, again: () => person.get(back) };
  }

  it('because the person declined, says so', async () => {
    server.setPerson('denies');
    const { answer, pending, event, again } = await failing();
    expect(answer.location).toBe(`${CONSOLE}/done?tab=1&error=access_denied`);
    expect(pending).toMatchObject({ status: 'failed', failure: 'access_denied' });
    expect(pending?.ciphertext).toBeUndefined();
    expect(event).toMatchObject({ errorCode: 'AccessDeniedException' });
    expect(event?.errorMessage).toContain('access_denied: The person said no');
    // The name is asked for in a request that was recorded twice: when it began, and when it failed.
    expect(event?.requestParameters.service).toBe('mcpserver');
    const events = (await app.events()).length;
    expect((await again()).location).toBe(answer.location);
    expect((await app.events()).length).toBe(events);
  });

  it.each([
    ['invalidGrant', 'TOKEN_REQUEST_REJECTED'],
    ['html', 'TOKEN_ENDPOINT_ANSWER_INVALID'],
    ['redirects', 'TOKEN_ENDPOINT_ANSWER_INVALID'],
    ['twoMegabytes', 'TOKEN_ENDPOINT_ANSWER_INVALID'],
    ['typeMac', 'TOKEN_ENDPOINT_ANSWER_INVALID'],
    ['tokenWithNewline', 'TOKEN_ENDPOINT_ANSWER_INVALID'],
  ] as const)(
    'because the token endpoint answers with %s, is precise in the event alone',
    async (fault, code) => {
      server.setFault(fault);
      const { answer, event } = await failing();
      expect(answer.location).toBe(`${CONSOLE}/done?tab=1&error=exchange_failed`);
      expect(event).toMatchObject({ errorCode: 'ValidationException' });
      expect(event?.errorMessage).toContain(code);
    },
  );

  it.each([
    [invalid('/x', 'TOOLS_LIST_FAILED: no'), 'validation_failed'],
    [fail('ConflictException', 'taken'), 'conflict'],
    [fail('ServiceQuotaExceededException', 'full'), 'quota_exceeded'],
    [fail('ResourceNotFoundException', 'gone'), 'registration_refused'],
  ])('because the registration is refused (%s), is over', async (error, code) => {
    app.setComplete(async () => {
      throw error;
    });
    const { answer, event } = await failing();
    expect(answer.location).toBe(`${CONSOLE}/done?tab=1&error=${code}`);
    expect(event).toMatchObject({ errorCode: error.failure.code, errorMessage: error.failure.message });
  });
});

describe('a client that Switchboard registered', () => {
  const CLIENT = { clientId: 'forgotten', authMethod: 'none' as const, scopes: ['mcp:read'] };
  const terms = { secretExpiresAt: 0, management: undefined };
  const known = () => knownClient(ACCOUNT, server.issuer, ['mcp:read'], app.deps);
  const discovered = { discovered: true };

  it.each(['unauthorized_client', 'invalid_client'])(
    'is not begun with again once the provider answers %s',
    async error => {
      await keepClient(ACCOUNT, server.issuer, CLIENT, terms, app.deps);
      const person = newPerson();
      const back = await person.consent(await app.start(credential(CLIENTS.public, discovered)), server);
      back.searchParams.delete('code');
      back.searchParams.set('error', error);
      expect(await known()).toBeDefined();
      await person.get(back);
      expect(await known()).toBeUndefined();
    },
  );

  it('is not begun with again once the token endpoint refuses it', async () => {
    await keepClient(ACCOUNT, server.issuer, CLIENT, terms, app.deps);
    const person = newPerson();
    const back = await person.consent(await app.start(credential(CLIENTS.public, discovered)), server);
    server.setFault('errorWithStatus200');
    expect((await person.get(back)).location).toContain('error=exchange_failed');
    expect(await known()).toBeUndefined();
  });

  it('is kept when the person declines, and when another client is refused', async () => {
    await keepClient(ACCOUNT, server.issuer, CLIENT, terms, app.deps);
    server.setPerson('denies');
    const person = newPerson();
    await person.get(await person.consent(await app.start(credential(CLIENTS.public, discovered)), server));
    server.setPerson('consents');
    const other = newPerson();
    const back = await other.consent(await app.start(credential()), server);
    server.setFault('errorWithStatus200');
    await other.get(back);
    expect(await known()).toMatchObject(CLIENT);
  });
});

describe('a consent that was interrupted', () => {
  const set = (url: string, members: Record<string, unknown>) =>
    transact(
      app.deps.store,
      [update(app.deps.config.tableName, app.pendingKey(url), { set: members })],
      app.deps,
    );

  it('after the exchange, is resumed by a reload, and the code not used again', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    app.setComplete(async () => {
      throw fail('ServiceUnavailableException', 'busy');
    });
    const before = grants();
    const busy = await person.get(back);
    expect(busy).toMatchObject({ status: 503, location: '' });
    expect(await app.pending(url)).toMatchObject({ status: 'exchanged' });
    expect((await app.events()).at(-1)).toMatchObject({ errorCode: 'ServiceUnavailableException' });
    app.setComplete(undefined);
    expect((await person.get(back)).location).toContain('serviceId=');
    expect(grants()).toBe(before + 1);
  });

  it('during the exchange, is given up, since codes work once', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    await set(url, { status: 'exchanging', exchangingSince: Date.now() - 60_000 });
    const before = grants();
    expect((await person.get(back)).location).toContain('error=exchange_interrupted');
    expect(grants()).toBe(before);
    expect((await app.events()).at(-1)?.errorMessage).toContain('start the consent again');
  });

  it('by its person for ten minutes, is over', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    await set(url, { expiresAt: Math.floor(Date.now() / 1000) - 1 });
    expect((await person.get(url)).status).toBe(404);
    expect((await person.post(url)).status).toBe(404);
    expect((await person.get(back)).location).toBe(`${CONSOLE}/done?tab=1&error=consent_expired`);
    expect((await app.events()).at(-1)).toMatchObject({ errorCode: 'ValidationException' });
  });
});

/** Waits until `count` callers wait. */
function allAtOnce(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    if (++waiting === count) resolve();
    return promise;
  };
}

describe('callbacks at once', () => {
  it('use the code once, register once, and all tell the same', async () => {
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    const [before, events] = [grants(), (await app.events()).length];
    const completed = app.completed.length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => person.get(back)));
    expect(new Set(answers.map(answer => answer.location)).size).toBe(1);
    expect(answers[0]?.location).toContain('serviceId=');
    expect(grants()).toBe(before + 1);
    expect(app.completed.length).toBe(completed + 1);
    expect((await app.events()).length).toBe(events + 1);
  });

  it('with the registration failing, record one failure', async () => {
    const all = allAtOnce(4);
    app.setComplete(async () => {
      await all();
      throw invalid('/x', 'no');
    });
    const url = await app.start(credential());
    const person = newPerson();
    const back = await person.consent(url, server);
    const events = (await app.events()).length;
    const answers = await Promise.all(Array.from({ length: 4 }, () => person.get(back)));
    expect(new Set(answers.map(answer => answer.location))).toEqual(
      new Set([`${CONSOLE}/done?tab=1&error=validation_failed`]),
    );
    expect((await app.events()).length).toBe(events + 1);
  });
});

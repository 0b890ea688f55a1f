import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { freePort } from '../support/freePort.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../support/oauth/clients.ts';
import { newPerson, type Person } from '../support/oauth/person.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { FAULTY_TOKEN, type TokenFaultName } from '../support/oauth/tokenFaults.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { lookedUp, type SignedAnswer, signedCall } from '../support/signedClient.ts';

const WRONG_SECRET = 'wrong-canary-40e1"+/%:&=55';
const TOKEN_SECONDS = 3;

const dataDir = newDataDir();
/** Secrets by what they are. */
const secrets = new Map<string, Set<string>>();
/** What Switchboard answered, by call; tickets stand in `authorizationUrl` alone. */
const answers: { name: string; text: string }[] = [];
/** Where browsers were sent, but to the provider. */
const redirects: string[] = [];
let provider: AuthorizationServer;
let peer: ProtectedPeer;
let server: RunningServer;
let base: string;

const keep = (kind: string, ...values: unknown[]) => {
  const known = secrets.get(kind) ?? new Set();
  for (const value of values) if (typeof value === 'string' && value !== '') known.add(value);
  secrets.set(kind, known);
};

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = await startAuthorizationServer({
    accessTokenSeconds: TOKEN_SECONDS,
    redirectUris: [`${base}/v1/register/mcpserver/callback`],
  });
  listen(provider);
  peer = await startProtectedServer({
    authorizationServer: provider,
    checksAudience: false,
    scopes: ['mcp:read'],
  });
  server = await startServer(dataDir, { PORT: String(port), AUDIT_READS: 'true' });
}, 120_000);
afterAll(async () => {
  await server?.end();
  await Promise.all([peer?.close(), provider?.close()]);
  removeDataDir(dataDir);
});

/** The provider knows every secret of its side: what it granted, and what it was shown. */
function listen({ provider: inner }: AuthorizationServer): void {
  inner.use(async (ctx, next) => {
    await next();
    const body = Object(ctx.body) as Record<string, unknown>;
    const sent = Object(ctx.oidc?.params) as Record<string, unknown>;
    keep('access token', body.access_token);
    keep('refresh token', body.refresh_token, sent.refresh_token);
    keep('id token', body.id_token);
    keep('client secret', body.client_secret);
    keep('registration token', body.registration_access_token);
    keep('code', sent.code);
    keep('verifier', sent.code_verifier);
  });
}

async function call(name: OperationName, input: object = {}): Promise<SignedAnswer> {
  const answer = await signedCall(server.port, name, input);
  const url = answer.body?.additionalStep?.oauth?.authorizationUrl;
  if (url) keep('ticket', new URL(url).searchParams.get('ticket')?.slice(13));
  // The one place where a ticket belongs.
  answers.push({ name, text: url ? answer.raw.replace(url, '') : answer.raw });
  return answer;
}

const details = (name: string, authorizationConfig: object) => ({
  service: 'mcpserver',
  serviceDetails: { mcpserver: { name, endpoint: peer.url, authorizationConfig } },
});

const direct = (clientSecret = CLIENT_SECRET) => ({
  oAuthClientCredentials: {
    clientId: CLIENTS.confidential.clientId,
    clientSecret,
    exchangeUrl: provider.tokenUrl,
    scopes: ['mcp:read'],
  },
});

const threeLegged = (clientSecret = CLIENT_SECRET) => ({
  oAuth3LO: {
    clientId: CLIENTS.confidential.clientId,
    clientSecret,
    authorizationUrl: provider.authorizationUrl,
    exchangeUrl: provider.tokenUrl,
    scopes: ['mcp:read'],
    supportCodeChallenge: true,
    returnToEndpoint: `${base}/console/`,
  },
});

const discovery = () => ({ authorizationDiscovery: { returnToEndpoint: `${base}/console/` } });

/** Goes through a consent with a browser of its own, as far as the callback. */
async function toCallback(begun: SignedAnswer): Promise<{ person: Person; callback: URL }> {
  const person = newPerson();
  const url = begun.body.additionalStep.oauth.authorizationUrl;
  const callback = await person.consent(url, provider);
  keep('state', callback.searchParams.get('state')?.slice(13));
  keep('code', callback.searchParams.get('code'));
  keep('cookie', person.cookie?.split('=')[1]);
  return { person, callback };
}

/** Lands at the console; pages on the way are answers like any other. */
async function land({ person, callback }: Awaited<ReturnType<typeof toCallback>>): Promise<URL> {
  const shown = await person.get(callback);
  answers.push({ name: 'callback', text: shown.body });
  redirects.push(shown.location);
  return new URL(shown.location);
}

async function consents(begun: SignedAnswer): Promise<string> {
  expect(begun.body.fieldList).toBeUndefined();
  const landed = await land(await toCallback(begun));
  expect(landed.searchParams.get('error')).toBeNull();
  return landed.searchParams.get('serviceId') ?? '';
}

/** Each way to fail that shows a secret to someone. */
async function failAll(): Promise<void> {
  for (const fault of ['echoes', 'typeMac', 'tokenWithNewline', 'losesAnswer', 'html'] as TokenFaultName[]) {
    const waiting = await toCallback(await call('RegisterService', details('failing', threeLegged())));
    provider.setFault(fault);
    expect((await call('RegisterService', details('failing', direct()))).status).toBe(400);
    expect((await land(waiting)).searchParams.get('error')).toBe('exchange_failed');
    provider.setFault(undefined);
  }
  expect((await call('RegisterService', details('failing', direct(WRONG_SECRET)))).status).toBe(400);
  const wrong = await toCallback(
    await call('RegisterService', details('failing', threeLegged(WRONG_SECRET))),
  );
  expect((await land(wrong)).searchParams.get('error')).toBe('exchange_failed');

  provider.setPerson('denies');
  const denied = await toCallback(await call('RegisterService', details('failing', threeLegged())));
  expect((await land(denied)).searchParams.get('error')).toBe('access_denied');
  provider.setPerson('consents');

  // Another browser, and a provider that repeats what it was sent.
  const stolen = await toCallback(await call('RegisterService', details('failing', threeLegged())));
  const page = await newPerson().get(stolen.callback);
  expect(page.status).toBe(400);
  answers.push({ name: 'callback', text: page.body });
  const said = new URL(stolen.callback);
  said.searchParams.set('error', 'server_error');
  said.searchParams.set('error_description', `${stolen.callback.search} ${CLIENT_SECRET}`);
  expect((await land({ ...stolen, callback: said })).searchParams.get('error')).toBeTruthy();

  // Left lying: the table holds what a consent under way needs.
  await toCallback(await call('RegisterService', details('abandoned', threeLegged())));
}

/** Answers with the token that it was sent. */
const echoes: RequestListener = (request, response) => {
  request.resume();
  const sent = String(request.headers.authorization);
  response.writeHead(500, { 'x-echo': sent }).end(`${sent} ${Buffer.from(sent).toString('base64')}`);
};

async function useAll(serviceIds: string[]): Promise<void> {
  for (const serviceId of serviceIds) {
    const { body } = await call('ValidateService', { serviceId });
    expect(body.report).toMatchObject({ valid: true });
    await call('GetService', { serviceId });
    await call('ListServiceTools', { serviceId });
  }
  await call('ListServices');
}

it('shows no secret of any OAuth flow anywhere but where it belongs', { timeout: 240_000 }, async () => {
  keep('client secret', CLIENT_SECRET, WRONG_SECRET);
  keep('access token', FAULTY_TOKEN);
  const registered = await call('RegisterService', details('direct', direct()));
  const ids = [
    String(registered.body.serviceId),
    await consents(await call('RegisterService', details('three', threeLegged()))),
    await consents(await call('RegisterService', details('discovered', discovery()))),
  ];
  await useAll(ids);
  // Past the tokens' life: they are refreshed, and rotated.
  await sleep((TOKEN_SECONDS + 1) * 1000);
  await useAll(ids);
  await failAll();

  // Rotation, and a server that refuses a token which it echoes.
  const [ofDirect = '', ofThree = ''] = ids;
  const update = (serviceId: string, authorizationConfig: object) =>
    call('UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } });
  expect((await update(ofDirect, direct(WRONG_SECRET))).status).toBe(400);
  expect((await update(ofDirect, direct())).status).toBe(200);
  expect(await consents(await update(ofThree, threeLegged()))).toBe(ofThree);
  await peer.close();
  const echo = await startTlsServer(echoes, { port: peer.port });
  for (const serviceId of ids) {
    expect((await call('ValidateService', { serviceId })).body.report.valid).toBe(false);
  }

  // A consent that is lost: the provider revokes, the refresh fails, everything is told.
  provider.setFault('invalidGrant');
  await sleep((TOKEN_SECONDS + 1) * 1000);
  expect((await call('ValidateService', { serviceId: ofThree })).body.report.valid).toBe(false);
  provider.setFault(undefined);
  await echo.close();
  const events = await lookedUp(server.port);
  expect(events.length).toBeGreaterThan(20);
  await server.stop();

  for (const kind of ['client secret', 'registration token', 'access token', 'refresh token', 'id token']) {
    expect([kind, secrets.get(kind)?.size]).not.toEqual([kind, undefined]);
  }
  for (const kind of ['code', 'verifier', 'state', 'ticket', 'cookie']) {
    expect([kind, (secrets.get(kind)?.size ?? 0) > 3]).toEqual([kind, true]);
  }
  const found = [
    ...answers.flatMap(({ name, text }) => leaks(`answer of ${name}`, text)),
    ...redirects.flatMap(text => leaks('redirect', text)),
    ...leaks('stdout', server.stdout()),
    ...leaks('stderr', server.stderr()),
    ...events.flatMap(event => leaks(`event ${event.eventName}`, JSON.stringify(event))),
    ...filesOf(dataDir).flatMap(file => leaks(file.slice(dataDir.length), readFileSync(file, 'latin1'))),
  ];
  expect(found).toEqual([]);
});

/** `where: kind` of each secret that a text shows, in whatever spelling; never the secret itself. */
function leaks(where: string, text: string): string[] {
  return [...secrets].flatMap(([kind, values]) =>
    [...values].some(value => spellings(value).some(spelling => text.includes(spelling)))
      ? [`${where}: ${kind}`]
      : [],
  );
}

function spellings(secret: string): string[] {
  // Base64 depends on what stands before: three offsets, less the characters that neighbours share.
  const inBase64 = [0, 1, 2].map(offset => {
    const text = Buffer.from(' '.repeat(offset) + secret).toString('base64');
    return text.slice(offset === 0 ? 0 : offset + 1, -4);
  });
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    ...inBase64,
    ...inBase64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
}

it('would find each spelling', () => {
  const canary = randomBytes(24).toString('base64');
  keep('probe', canary);
  const framed = [0, 1, 2].map(n => Buffer.from(`${'x'.repeat(n)}${canary}yy`).toString('base64'));
  for (const text of [canary, encodeURIComponent(canary), ...framed]) {
    expect(leaks('here', `<${text}>`)).toEqual(['here: probe']);
  }
  secrets.delete('probe');
});

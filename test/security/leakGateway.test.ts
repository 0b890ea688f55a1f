import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { readAccessToken } from '../../lib/identity/accessTokenText.ts';
import { type HeaderChanges, written } from '../support/agentWire.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { testClient } from '../support/engine.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';
import { lookedUp, type SignedAnswer, signedCall } from '../support/signedClient.ts';
import { allItems } from '../support/table.ts';
import { send } from '../unit/local/http/signedRequest.ts';
import { type Canary, canary, filesIn, itemTexts, knownSecret, leaksIn, spelled } from './leakCanary.ts';
import { ANSWER_NAMES, type GatewayPeer, startGatewayPeer } from './leakGatewayPeer.ts';

const CREDENTIAL = canary('the credential', 'gwc4Kt8Zr1Wm6Xp3');
const ARGUMENT = canary('an argument', 'gwa7Nq2Vb9Ls5Jd0');
const RESULT = canary('a result', 'gwr3Hf6Yc8Te1Uk5');
const REFUSED = canary('what a refused call held', 'gwx9Pz5Mw3Ro7Eb2');
/** Not secret: shows that the places are searched at all. */
const MARKER = knownSecret('the marker', 'gwMarkerQ5w7E2r9');

let dataDir: string;
let server: RunningServer;
let peer: GatewayPeer;
let space: string;
let token: Canary;
let tokenText: string;
/** What agents were told. */
const told: { place: string; content: string }[] = [];
const answers: SignedAnswer[] = [];

async function call(name: OperationName, input: object): Promise<SignedAnswer> {
  const answer = await signedCall(server.port, name, input);
  // The one answer in which a token belongs.
  if (name !== 'CreateAccessToken') answers.push(answer);
  expect(answer.error).toBeUndefined();
  return answer;
}

beforeAll(async () => {
  await ensureServerBuilt();
  dataDir = newDataDir();
  [server, peer] = await Promise.all([startServer(dataDir), startGatewayPeer(MARKER.core, RESULT.value)]);
  const { body } = await call('RegisterService', apiKeyRegistration('srv', peer.url, CREDENTIAL.value));
  space = (await call('CreateAgentSpace', { name: MARKER.core })).body.agentSpace.agentSpaceId;
  const configuration = { mcpserver: { tools: ['*'] } };
  await call('AssociateService', { agentSpaceId: space, serviceId: body.serviceId, configuration });
  const created = await call('CreateAccessToken', { agentSpaceId: space, name: 'a', scope: 'operate' });
  tokenText = created.body.tokenValue;
  token = knownSecret('the access token', readAccessToken(tokenText)?.secret ?? '');
}, 120_000);
afterAll(async () => {
  await server.end();
  await peer.close();
  removeDataDir(dataDir);
});

/** What an agent sends, and is told. */
async function ask(place: string, body: string, changes: HeaderChanges = {}, query = ''): Promise<number> {
  const usual = {
    host: `127.0.0.1:${server.port}`,
    authorization: `Bearer ${tokenText}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...changes,
  };
  const headers = Object.fromEntries(Object.entries(usual).filter(([, value]) => value !== undefined));
  const target = `/v1/agentspaces/${space}/mcp${query}`;
  const answer = await send({ port: server.port, method: 'POST', target, headers, body });
  told.push({ place, content: `${JSON.stringify(answer.headers)}${answer.text}` });
  return answer.status;
}

describe('secrets go through', () => {
  it.each(ANSWER_NAMES)('calls that are answered with %s', async name => {
    peer.answer(name);
    const meta = { progressToken: 1, 'io.modelcontextprotocol/logLevel': 'debug', 'a/b': ARGUMENT.value };
    for (const era of ['modern', 'legacy'] as const) {
      const args = { text: ARGUMENT.value, [ARGUMENT.core]: spelled(ARGUMENT.value) };
      const { body, headers } = written(
        'tools/call',
        { name: `srv_${MARKER.core}`, arguments: args },
        { era, meta },
      );
      await ask(`${name}, ${era}`, body, headers);
    }
  });

  it('calls that are refused, and callers that are', async () => {
    const { body } = written(
      'tools/call',
      { name: 'srv_nothing', arguments: { a: REFUSED.value } },
      { era: 'legacy' },
    );
    expect(await ask('unknown', body)).toBe(200);
    expect(await ask('twice', `[${body}]`)).toBe(400);
    expect(await ask('broken', body.slice(1))).toBe(400);
    expect(await ask('doubled', body.replace('{', '{"id":1,'))).toBe(400);
    expect(await ask('wrong headers', body, { 'mcp-name': REFUSED.core })).toBe(400);
    expect(await ask('wrong type', body, { 'content-type': `text/${REFUSED.core}` })).toBe(415);
    expect(await ask('wrong origin', body, { origin: `https://${REFUSED.core}` })).toBe(403);
    for (const authorization of [`Bearer ${REFUSED.core}`, `Basic ${btoa(REFUSED.value)}`, REFUSED.core]) {
      expect(await ask('nobody', body, { authorization })).toBe(401);
    }
  });

  it('an access token in places where it does not belong', async () => {
    const none = { authorization: undefined };
    const named = (name: string) =>
      written('tools/call', { name, arguments: { a: tokenText } }, { era: 'legacy' }).body;
    const body = named(tokenText);
    expect(await ask('as a tool', body)).toBe(200);
    // What is kept of a name, and of a user agent, ends within the secret.
    for (const length of [160, 180, 200])
      expect(await ask('cut', named('x'.repeat(length) + tokenText))).toBe(200);
    for (const length of [0, 920, 940]) {
      expect(await ask('as an agent', body, { 'user-agent': `${'x'.repeat(length)} ${tokenText}` })).toBe(
        200,
      );
    }
    expect(await ask('split', named(tokenText.replace(/(.{20})$/, '\u200b$1')))).toBe(200);
    expect(await ask('in the query', body, none, `?access_token=${tokenText}`)).toBe(401);
    expect(await ask('in a cookie', body, { ...none, cookie: tokenText })).toBe(401);
    expect(await ask('as a session', body, { 'mcp-session-id': tokenText })).toBe(200);
    expect(await ask('mistyped', body, { authorization: `Bearer ${tokenText.slice(0, -1)}` })).toBe(401);
    const method = JSON.stringify({ jsonrpc: '2.0', id: 1, method: tokenText });
    expect(await ask('as a method', method)).toBe(200);
    const other = (await call('CreateAgentSpace', { name: 'other' })).body.agentSpace.agentSpaceId;
    const target = `/v1/agentspaces/${other}/mcp`;
    const headers = {
      host: `127.0.0.1:${server.port}`,
      authorization: `Bearer ${tokenText}`,
      'user-agent': tokenText,
    };
    expect((await send({ port: server.port, method: 'POST', target, headers, body })).status).toBe(401);
  });
});

it('and are afterwards where they belong alone', async () => {
  const all = peer.heard.join('\n');
  for (const one of [CREDENTIAL, ARGUMENT])
    expect([one.what, all.includes(one.core)]).toEqual([one.what, true]);
  expect(leaksIn('what the server heard', all, [token])).toEqual([]);
  const agents = told.map(({ content }) => content).join('\n');
  expect(agents).toContain(RESULT.core);
  expect(told.flatMap(({ place, content }) => leaksIn(place, content, [CREDENTIAL]))).toEqual([]);

  await server.stop();
  const output = { place: 'the output', content: server.stdout() + server.stderr() };
  server = await startServer(dataDir);
  const { body } = await call('ListInvocations', { agentSpaceId: space });
  const trail = [...(await lookedUp(server.port)), ...body.invocations];
  const items = itemTexts(await allItems(testClient(server.databaseEndpoint)));
  await server.stop();
  const places = [
    output,
    { place: 'the trail', content: JSON.stringify(trail) },
    { place: 'an answer', content: answers.map(({ raw }) => raw).join('\n') },
    ...items,
    ...filesIn(dataDir),
  ];
  const secrets: Canary[] = [CREDENTIAL, ARGUMENT, RESULT, REFUSED, token];
  expect([...new Set(places.flatMap(({ place, content }) => leaksIn(place, content, secrets)))]).toEqual([]);
  const found = places.filter(({ place, content }) => leaksIn(place, content, [MARKER]).length > 0);
  for (const kind of ['the trail', 'item A', 'switchboard.db']) {
    expect([kind, found.some(({ place }) => place.startsWith(kind))]).toEqual([kind, true]);
  }
  expect(body.invocations.length).toBeGreaterThan(2 * ANSWER_NAMES.length);
});

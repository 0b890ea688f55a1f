import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperationName, operationList } from '../../lib/api/operations.ts';
import { readAccessToken } from '../../lib/identity/accessTokenText.ts';
import type { AccessKey } from '../../local/identity/accessKey.ts';
import { PROJECT_ROOT, testClient } from '../support/engine.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  enginePid,
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { type SignedOptions, signedCall } from '../support/signedClient.ts';
import { allItems } from '../support/table.ts';
import { send, signedHeaders } from '../unit/local/http/signedRequest.ts';
import { CREDENTIAL_KINDS, type CredentialKind, misplaced, registration, sampleInputs } from './leakCalls.ts';
import {
  type Canary,
  canary,
  filesIn,
  formsOf,
  itemTexts,
  knownSecret,
  leaksIn,
  spelled,
} from './leakCanary.ts';
import { BEHAVIOUR_NAMES, type LeakPeer, startLeakPeer } from './leakPeer.ts';

const ACCESS_TOKEN = canary('the access token', 'tok5Rz1Qm8Yc3Lp7');
const AWS_SECRET = canary('the AWS secret key', 'aws9Kd2Wn6Hb4Vs1');
const AWS_SESSION = canary('the AWS session token', 'ses3Jf7Xg1Tu9Me5');
const STRAY = canary('a misplaced secret', 'str8Bv4Np2Ew6Za0');
const CREDENTIALS = CREDENTIAL_KINDS.map((kind, n) => ({
  kind,
  slug: kind.what.replaceAll(' ', '-'),
  stored: canary(`${kind.what}, stored`, `one${n}Ga7Ui3Oq9Xk5`),
  tried: canary(`${kind.what}, tried`, `two${n}Fy1Lc8Rj4Dw6`),
}));
const CANARIES: Canary[] = [
  ACCESS_TOKEN,
  AWS_SECRET,
  AWS_SESSION,
  STRAY,
  ...CREDENTIALS.flatMap(({ stored, tried }) => [stored, tried]),
];
/** Secrets of access tokens: each is in the answer that made it, and nowhere else. */
const TOKENS: Canary[] = [];
const MAKES_TOKENS = /^the answer of (Create|Rotate)AccessToken 20[01]$/;
/** Ways to misbehave that leave a server usable. */
const LISTING = ['works', 'tools', 'serverInfo'];
/** Not secret: shows that the places are searched at all. */
const MARKER = knownSecret('the marker', 'markerQ7w3E9r1T5');

let dataDir: string;
let server: RunningServer;
let peer: LeakPeer;
/** Everything that callers were ever told. */
const answers: { place: string; content: string }[] = [];
/** What every server process wrote. */
const outputs: { place: string; content: string }[] = [];

const start = () =>
  startServer(dataDir, {
    AWS_ACCESS_KEY_ID: 'AKIACANARYCANARY0001',
    AWS_SECRET_ACCESS_KEY: AWS_SECRET.value,
    AWS_SESSION_TOKEN: AWS_SESSION.value,
  });

beforeAll(async () => {
  await ensureServerBuilt();
  peer = await startLeakPeer(ACCESS_TOKEN.value);
  dataDir = newDataDir();
  server = await start();
}, 120_000);
afterAll(async () => {
  await server.end();
  await peer.close();
  removeDataDir(dataDir);
});

async function call(name: OperationName, input: object, options?: SignedOptions) {
  const answer = await signedCall(server.port, name, input, options);
  answers.push({ place: `the answer of ${name} ${answer.status}`, content: answer.raw });
  expect(answer.status, `${name}: ${answer.raw}`).toBeLessThan(500);
  const token = readAccessToken(String(answer.body?.tokenValue));
  if (token) TOKENS.push(knownSecret(`an access token of ${name}`, token.secret));
  return answer;
}

const toRegister = (name: string, kind: CredentialKind, secret: Canary) =>
  registration(name, peer.url, kind, secret.value, peer.tokenUrl);

describe('the search', () => {
  it('finds every spelling', () => {
    for (const text of spelled(STRAY.value)) {
      expect(leaksIn('there', `before ${text} after`, [STRAY])).toEqual(['a misplaced secret in there']);
      expect(leaksIn('there', Buffer.from(text), [STRAY])).toHaveLength(1);
    }
    expect(leaksIn('there', 'nothing', CANARIES)).toEqual([]);
  });
});

/** In this order: what is found is looked for at the end. */
describe('secrets go through', () => {
  it.each(CREDENTIALS)(
    'a life of $kind.what',
    async ({ kind, slug, stored, tried }) => {
      peer.behave('works');
      const name = `${MARKER.core}-${slug}`;
      await call('ValidateRegistration', toRegister(name, kind, tried));
      const { body } = await call('RegisterService', toRegister(name, kind, stored));
      const { serviceId } = body;
      expect(serviceId).toBeDefined();
      await call('RegisterService', toRegister(name, kind, tried));
      const space = await call('CreateAgentSpace', { name: MARKER.core });
      const { agentSpaceId } = space.body.agentSpace;
      const configuration = { [kind.service]: { tools: ['*'] } };
      const tied = await call('AssociateService', { agentSpaceId, serviceId, configuration });
      const { associationId } = tied.body.association;
      const { serviceDetails } = toRegister(name, kind, tried);
      for (const as of BEHAVIOUR_NAMES) {
        peer.behave(as);
        const { status } = await call('RegisterService', toRegister(`${as}-${slug}`, kind, tried));
        if (as !== 'renewed') expect([as, status]).toEqual([as, LISTING.includes(as) ? 201 : 400]);
        else if (slug === 'a-client-secret') expect(status).toBe(201);
        await call('ValidateRegistration', toRegister('v', kind, tried));
        await call('ValidateService', { serviceId });
        await call('ListServiceTools', { serviceId });
        await call('AssociateService', { agentSpaceId, serviceId, configuration });
        await call('UpdateAssociation', { agentSpaceId, associationId, configuration });
        const { authorizationConfig } = serviceDetails[kind.service] as { authorizationConfig: object };
        await call('UpdateService', {
          serviceId,
          serviceDetails: { [kind.service]: { authorizationConfig } },
        });
      }
      for (const tokens of ['refuses', 'echoes'] as const) {
        peer.behave('works', tokens);
        await call('RegisterService', toRegister(`t-${tokens}`, kind, tried));
      }
    },
    120_000,
  );

  it('every operation, beside its members and with its own', async () => {
    peer.behave('works');
    const [{ kind, stored }] = CREDENTIALS as [(typeof CREDENTIALS)[number]];
    const { serviceId } = (await call('RegisterService', toRegister('sample', kind, stored))).body;
    const { agentSpaceId } = (await call('CreateAgentSpace', { name: 'sample' })).body.agentSpace;
    const configuration = { mcpserver: { tools: ['sound'] } };
    const tied = await call('AssociateService', { agentSpaceId, serviceId, configuration });
    const { associationId } = tied.body.association;
    const token = await call('CreateAccessToken', { agentSpaceId, name: 'sample', scope: 'operate' });
    const ids = { serviceId, agentSpaceId, associationId, tokenId: token.body.accessToken.tokenId };
    for (const [name, input] of Object.entries(sampleInputs(ids))) {
      const operation = name as OperationName;
      expect(await call(operation, { ...input, apiKeyValue: STRAY.value })).toMatchObject({ status: 400 });
      await call(operation, input, { rawBody: `{"apiKeyValue": "${STRAY.core}` });
      await call(operation, input);
    }
  });

  it('every misplacement', async () => {
    peer.behave('works');
    for (const [name, input] of misplaced(STRAY.value, peer.url)) {
      expect(await call(name, input)).toMatchObject({ error: 'ValidationException' });
    }
    const bodies = [
      STRAY.value,
      JSON.stringify(STRAY.value),
      JSON.stringify([STRAY.value]),
      `{"serviceDetails": {"a": ${STRAY.value}}}`,
      `{"a": "${'x'.repeat(260_000)}", "b": ${JSON.stringify(STRAY.value)}}`,
      `${'{"a":'.repeat(40)}${JSON.stringify(STRAY.value)}${'}'.repeat(40)}`,
    ];
    for (const rawBody of bodies) await call('RegisterService', { service: 'mcpserver' }, { rawBody });
  });

  it('access tokens in the place of ids and names', async () => {
    const { agentSpaceId } = (await call('CreateAgentSpace', { name: 'pasted' })).body.agentSpace;
    const token = { agentSpaceId, name: 'kept', scope: 'read' };
    const { tokenValue } = (await call('CreateAccessToken', token)).body;
    for (const [name, input] of [
      ['RotateAccessToken', { agentSpaceId, tokenId: tokenValue }],
      ['RevokeAccessToken', { agentSpaceId, tokenId: tokenValue }],
      ['ListAccessTokens', { agentSpaceId: tokenValue }],
      ['CreateAccessToken', { ...token, scope: tokenValue }],
      ['CreateAccessToken', { ...token, allowedCidrs: [tokenValue] }],
      ['CreateAccessToken', { ...token, tokenValue }],
      ['ListAccessTokens', { agentSpaceId, nextToken: tokenValue }],
    ] as [OperationName, object][]) {
      expect(await call(name, input)).toMatchObject({ status: 400 });
    }
    const host = `127.0.0.1:${server.port}`;
    const target = `/v1/agentspaces/${agentSpaceId}/access-tokens/list`;
    const headers = { host, authorization: `Bearer ${tokenValue}` };
    const answer = await send({ port: server.port, method: 'POST', target, headers, body: '' });
    expect(answer.status).toBe(400);
    answers.push({ place: 'an answer to a token', content: JSON.stringify([answer.headers, answer.text]) });
  });

  it('secrets as names of members, which are told to the caller alone', async () => {
    for (const [name, input] of [
      ['RegisterService', { service: 'mcpserver', [STRAY.value]: 1, serviceDetails: { [STRAY.core]: 1 } }],
      ['CreateAgentSpace', { name: 'a', tags: { [STRAY.value]: 'x' } }],
      ['LookupEvents', { [STRAY.value]: 1 }],
    ] as [OperationName, object][]) {
      expect(await signedCall(server.port, name, input)).toMatchObject({ status: 400 });
    }
  });

  it('callers that are refused', async () => {
    const auditor = await createKey('auditor');
    const [{ kind, tried }] = CREDENTIALS as [(typeof CREDENTIALS)[number]];
    await untilKnown(auditor);
    const denied = [
      ...misplaced(STRAY.value, peer.url),
      ['RegisterService', toRegister('denied', kind, tried)],
    ];
    for (const [name, input] of denied as [OperationName, object][]) {
      const { error } = await call(name, input, { key: auditor });
      expect(['AccessDeniedException', 'ValidationException']).toContain(error);
    }
    const body = JSON.stringify(toRegister('unverified', kind, tried));
    const host = `127.0.0.1:${server.port}`;
    const target = '/v1/register/mcpserver';
    const wrongKey = { ...ROOT_KEY, secretAccessKey: STRAY.value };
    const attempts: Record<string, string>[] = [
      { host },
      { host, authorization: `Bearer ${STRAY.value}`, 'x-api-key': STRAY.value },
      {
        host,
        authorization: `AWS4-HMAC-SHA256 Credential=${STRAY.value}/1/2/3/4, SignedHeaders=a, Signature=b`,
      },
      { host, authorization: `AWS4-HMAC-SHA256 ${STRAY.value}` },
      await signedHeaders(host, { method: 'POST', path: target, body, key: wrongKey }),
      await signedHeaders(host, {
        method: 'POST',
        path: target,
        body,
        key: { ...ROOT_KEY, sessionToken: STRAY.value },
      }),
    ];
    for (const headers of attempts) {
      const answer = await send({ port: server.port, method: 'POST', target, headers, body });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      answers.push({ place: 'an answer to nobody', content: JSON.stringify([answer.headers, answer.text]) });
    }
  });

  it('a database that dies under a registration, and a restart', async () => {
    const [{ kind, tried }] = CREDENTIALS as [(typeof CREDENTIALS)[number]];
    const cutOff = signedCall(server.port, 'RegisterService', toRegister('cut', kind, tried)).catch(
      () => undefined,
    );
    process.kill(enginePid(dataDir), 'SIGKILL');
    await server.ended;
    const answer = await cutOff;
    answers.push({ place: 'an answer of a dying server', content: answer?.raw ?? '' });
    keepOutput();
    server = await start();
    await call('ListServices', {});
  });
});

describe('afterwards', () => {
  let places: { place: string; content: string | Buffer }[];

  it('all of it was said to the servers it was for', () => {
    const heard = [...peer.heard].join('\n');
    for (const { stored, tried } of CREDENTIALS) {
      for (const one of [stored, tried])
        expect([one.what, heard.includes(one.core)]).toEqual([one.what, true]);
    }
    expect(heard).toContain(ACCESS_TOKEN.core);
    expect(heard).toContain(AWS_SESSION.core);
  });

  it('no answer, output, event, item or file holds a secret', async () => {
    for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
      const { body } = await call('LookupEvents', NextToken ? { NextToken } : {});
      NextToken = body.NextToken;
    }
    const items = itemTexts(await allItems(testClient(server.databaseEndpoint)));
    const open = filesIn(dataDir);
    expect(open.map(({ place }) => place)).toEqual(
      expect.arrayContaining(['switchboard.db', 'switchboard.db-wal']),
    );
    await server.stop();
    keepOutput();
    places = [...answers, ...outputs, ...items, ...open, ...filesIn(dataDir)];
    expect([...new Set(places.flatMap(({ place, content }) => leaksIn(place, content, CANARIES)))]).toEqual(
      [],
    );
  });

  it('nor an access token, but for the answer that made it', () => {
    const [makers, others] = [true, false].map(makes =>
      places.filter(({ place }) => MAKES_TOKENS.test(place) === makes),
    );
    expect(TOKENS.length).toBeGreaterThanOrEqual(4);
    for (const token of TOKENS) {
      const found = makers?.filter(({ place, content }) => leaksIn(place, content, [token]).length > 0);
      expect(found).toHaveLength(1);
    }
    expect(others?.flatMap(({ place, content }) => leaksIn(place, content, TOKENS))).toEqual([]);
  });

  it('nor a key of the server’s own, outside its file', () => {
    const read = (file: string) => JSON.parse(readFileSync(join(dataDir, file), 'utf8'));
    const { material } = read('key-file.json').keys[0];
    const own = [
      knownSecret('the root secret', ROOT_KEY.secretAccessKey),
      ...read('access-keys.json').keys.map((key: AccessKey) =>
        knownSecret('an access key', key.secretAccessKey),
      ),
      knownSecret('the key material', Buffer.from(material, 'base64').toString('latin1')),
      knownSecret('the key material as text', material),
    ];
    const files = ['key-file.json', 'access-keys.json'];
    const others = places.filter(({ place }) => !files.includes(place));
    const raw = Buffer.from(material, 'base64');
    expect(others.flatMap(({ place, content }) => leaksIn(place, content, own))).toEqual([]);
    expect(others.filter(({ content }) => Buffer.isBuffer(content) && content.includes(raw))).toEqual([]);
    expect(own.length).toBe(4);
  });

  it('and all of these were searched', () => {
    const found = places.filter(({ place, content }) => leaksIn(place, content, [MARKER]).length > 0);
    for (const kind of ['the answer', 'the output', 'item A', 'switchboard.db']) {
      expect([kind, found.some(({ place }) => place.startsWith(kind))]).toEqual([kind, true]);
    }
    expect(formsOf(MARKER)).toHaveLength(9);
    expect(answers.length).toBeGreaterThan(400);
    expect(operationList.map(({ name }) => name).filter(name => !answered(name))).toEqual([]);
  });
});

function answered(name: string): boolean {
  return answers.some(({ place }) => place.startsWith(`the answer of ${name} `));
}

function keepOutput(): void {
  outputs.push({ place: 'the output', content: server.stdout() + server.stderr() });
}

async function createKey(role: string): Promise<AccessKey> {
  const env = { ...process.env, SWITCHBOARD_DATA_DIR: dataDir };
  const script = ['scripts/keys.ts', 'create', '--role', role];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, script, { env, cwd: PROJECT_ROOT });
  outputs.push({ place: 'the output of the keys script', content: stdout + stderr });
  return JSON.parse(readFileSync(join(dataDir, 'access-keys.json'), 'utf8')).keys.at(-1);
}

/** The server looks for new keys once a second. */
async function untilKnown(key: AccessKey): Promise<void> {
  while ((await signedCall(server.port, 'ListServices', {}, { key })).status !== 200) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

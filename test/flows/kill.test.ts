import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { keys } from '../../lib/store/keys.ts';
import type { AuditRecord } from '../support/app.ts';
import { testClient } from '../support/engine.ts';
import { freePort } from '../support/freePort.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { type ProtectedPeer, startProtectedServer } from '../support/oauth/protectedServer.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  killWithEngine,
  newDataDir,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';
import { allItems, type StoredItem } from '../support/table.ts';
import { type OAuthWorld, resume } from './killConsents.ts';
import { checksDue, derivedExpected, derivedFound } from './killDerived.ts';
import { stateFromTrail, storedState } from './killState.ts';
import { type Journal, type Stock, work } from './killWorkload.ts';

const KILLS = 20;
const WORKERS = 8;
/** A kill comes after at most so many answers and milliseconds more. */
const MOST_ANSWERS = 50;
const MOST_MS = 120;
/** So short that tokens are refreshed under fire. */
const TOKEN_SECONDS = 2;
const API_KEY = 'key-under-fire';

const journal: Journal = { answered: [], unanswered: [], journeys: [], interrupted: 0 };
const stock: Stock = { services: [], spaces: [], associations: [] };
let dataDir: string;
let server: RunningServer;
let peer: McpPeer;
let provider: AuthorizationServer;
let guarded: ProtectedPeer;
let oauth: OAuthWorld;
/** The same after each start, since browsers come back to it. */
let port: number;

beforeAll(async () => {
  await ensureServerBuilt();
  port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  [peer, provider] = await Promise.all([
    startModern({ auth: { header: 'x-api-key', value: API_KEY } }),
    startAuthorizationServer({
      accessTokenSeconds: TOKEN_SECONDS,
      redirectUris: [`${base}/v1/register/mcpserver/callback`],
    }),
  ]);
  guarded = await startProtectedServer({
    authorizationServer: provider,
    checksAudience: false,
    scopes: ['mcp:read'],
  });
  oauth = { provider, endpoint: guarded.url, console: `${base}/console` };
  dataDir = newDataDir();
  server = await start();
}, 120_000);
afterAll(async () => {
  await server.end();
  await Promise.all([peer.close(), guarded.close(), provider.close()]);
  removeDataDir(dataDir);
});

const start = () =>
  startServer(dataDir, { PORT: String(port), QUOTA_SERVICES: '100000', QUOTA_SPACES: '100000' });

/** Services that need no consent, which a kill may lose. */
let lasting: string[] = [];

it(`loses and halves nothing in ${KILLS} kills under load`, { timeout: 600_000 }, async () => {
  for (let kill = 1; kill <= KILLS; kill++) {
    const load = { port: server.port, endpoint: peer.url, apiKey: API_KEY, oauth, journal, stock };
    const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker, load));
    await someLoad();
    // Every other time as if the power went: the database engine dies with it.
    await (kill % 2 ? server.kill() : killWithEngine(server));
    await Promise.all(workers);
    server = await start();
    const client = testClient(server.databaseEndpoint);
    await resume(journal.journeys, oauth, client, kill === KILLS);
    const items = await settled(client);
    expect(derivedFound(items)).toEqual(derivedExpected(items));
    expect(Object.values(checksDue(items)).filter(due => due !== 1)).toEqual([]);
    expectTrail(items);
    expectConsents(items);
    restock(items);
    lasting = items.flatMap(({ serviceId, authorizationMethod }) =>
      authorizationMethod && authorizationMethod !== 'oauth-3lo' ? [serviceId] : [],
    );
  }
  expect(journal.journeys.every(({ callback, landed }) => landed || !callback)).toBe(true);
  expect(journal.journeys.filter(({ landed }) => landed?.searchParams.has('serviceId'))).not.toEqual([]);
  const { answered, unanswered, interrupted } = journal;
  // Enough was going on for the kills to hit something.
  expect(answered.length).toBeGreaterThan(KILLS * WORKERS);
  expect(unanswered.length + interrupted).toBe(KILLS * WORKERS);
  expect(interrupted).toBeGreaterThan(0);
  for (const serviceId of lasting.slice(0, 5)) {
    const { body } = await signedCall(server.port, 'ValidateService', { serviceId });
    expect(body.report).toMatchObject({ valid: true });
  }
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});

/** Until a random moment: the first call, a warm server's many calls, and anything between. */
async function someLoad(): Promise<void> {
  const enough = journal.answered.length + Math.floor(Math.random() * MOST_ANSWERS);
  while (journal.answered.length < enough) await afterMs(1);
  await afterMs(Math.random() * MOST_MS);
}

/** The table once begun deletions of spaces are done, which a start goes on with. */
async function settled(client: DynamoDBDocumentClient): Promise<StoredItem[]> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    // Looked at before the rest: a scan that a sweep overlaps sees a space half swept, then no deletion.
    if (!(await isSweeping(client))) return await allItems(client);
    await afterMs(50);
  }
  throw new Error('Deleted spaces are not swept.');
}

async function isSweeping(client: DynamoDBDocumentClient): Promise<boolean> {
  const { Count } = await client.send(
    new QueryCommand({
      TableName: 'switchboard',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.deletions() },
    }),
  );
  return Count !== 0;
}

/** The trail tells exactly what is stored, and of every answer exactly what was answered. */
function expectTrail(items: readonly StoredItem[]): void {
  const records = items
    .filter(({ pk }) => pk.includes('#AUD#'))
    .map(({ record }) => JSON.parse(record) as AuditRecord)
    .sort((a, b) => (a.eventID < b.eventID ? -1 : 1));
  expect(storedState(items)).toEqual(stateFromTrail(records));

  const told = new Map(records.map(record => [record.requestID, record]));
  expect(told.size).toBe(records.length);
  // A browser's, or Switchboard's own: no call of ours was answered with them.
  for (const one of records) if (endsConsent(one) || isOwn(one)) told.delete(one.requestID);
  for (const { name, requestId, status, error } of journal.answered) {
    const { eventName, errorCode } = told.get(requestId) ?? {};
    expect({ requestId, status, eventName, errorCode }).toEqual({
      requestId,
      status: error ? expect.toSatisfy(isClients) : expect.toSatisfy(isSuccess),
      eventName: name,
      errorCode: error,
    });
    told.delete(requestId);
  }
  // What is left was done for callers that were cut off: one event each at most.
  expect(tooMany([...told.values()], journal.unanswered)).toEqual([]);
  expectReferences(items, records);
}

const endsConsent = ({ additionalEventData }: AuditRecord) => additionalEventData?.consent !== undefined;

/** A refresh token that a kill lost is a consent lost: it is told once it is missed. */
const isOwn = ({ eventName, errorCode }: AuditRecord) =>
  eventName === 'RefreshAccessToken' && errorCode === 'CONSENT_REQUIRED';

/**
 * How a consent may end that nobody hinders but kills, and other workers. Tokens as short-lived as these are refreshed
 * while the server is proven: a kill then loses the new refresh token, and the server is not let in any more.
 */
const CONSENT_ENDS = ['exchange_interrupted', 'validation_failed', 'conflict', 'registration_refused'];

/** Each consent ended once at most, as its browser was told, and never half. */
function expectConsents(items: readonly StoredItem[]): void {
  const ends = new Map<string, AuditRecord>();
  for (const { record } of items.filter(({ pk }) => pk.includes('#AUD#'))) {
    const event = JSON.parse(record) as AuditRecord;
    if (!endsConsent(event)) continue;
    const { requestID } = event.additionalEventData.consent;
    expect(ends.has(requestID)).toBe(false);
    ends.set(requestID, event);
  }
  for (const { requestId, landed } of journal.journeys) {
    if (!landed) continue;
    const event = ends.get(requestId);
    const { serviceId, error } = Object.fromEntries(landed.searchParams);
    if (error) expect(CONSENT_ENDS).toContain(error);
    expect(event?.errorCode === undefined).toBe(error === undefined);
    expect(JSON.stringify(event?.resources)).toContain(serviceId ?? '');
  }
}

const isSuccess = (status: number) => status >= 200 && status < 300;
const isClients = (status: number) => status >= 400 && status < 500;

function tooMany(records: readonly AuditRecord[], unanswered: readonly OperationName[]): string[] {
  const count = (list: readonly string[], name: string) => list.filter(one => one === name).length;
  const names = records.map(({ eventName }) => eventName);
  return [...new Set(names)].filter(name => count(names, name) > count(unanswered, name));
}

/** Each resource of each event has its look-up item, and no other is there. */
function expectReferences(items: readonly StoredItem[], records: readonly AuditRecord[]): void {
  const found = items.filter(({ pk }) => pk.includes('#AUR#')).map(({ gsi2pk, sk }) => `${gsi2pk} ${sk}`);
  const named = records.flatMap(({ eventID, resources }) =>
    resources.map(({ ARN }: { ARN: string }) => `${ARN} ${eventID}`),
  );
  const idOf = (sk: string) => /#RES#(\S+) [^#]+#([^#]+)#/.exec(sk)?.slice(1).join(' ');
  expect(found.map(idOf).sort()).toEqual(named.sort());
}

/** Workers go on with what is really there. */
function restock(items: readonly StoredItem[]): void {
  const spaces = items.filter(({ pk }) => pk.endsWith('#SPC'));
  const workerOf = (space: string) =>
    Number(spaces.find(one => one.agentSpaceId === space)?.tags.worker ?? Number.NaN);
  stock.services = items.filter(({ pk }) => pk.endsWith('#SVC')).map(({ serviceId }) => serviceId);
  stock.spaces = spaces.map(({ agentSpaceId }) => ({ agentSpaceId, worker: workerOf(agentSpaceId) }));
  stock.associations = items
    .filter(({ sk }) => sk.startsWith('ASC#'))
    .map(({ agentSpaceId, associationId }) => ({
      agentSpaceId,
      associationId,
      worker: workerOf(agentSpaceId),
    }));
}

function afterMs(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

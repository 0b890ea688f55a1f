import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { type Hour, hourAt } from '../../lib/archive/hours.ts';
import { digestKey, parseLogFileKey } from '../../lib/archive/names.ts';
import { recordsOf, type SegmentItem } from '../../lib/invocations/segment.ts';
import { keys } from '../../lib/store/keys.ts';
import { getItem } from '../../lib/store/read.ts';
import { accessKeysFile } from '../../local/accessKeys.ts';
import { createAccessKey } from '../../local/identity/manageAccessKeys.ts';
import type { AgentApp } from '../support/agents.ts';
import { wireAgent } from '../support/agentWire.ts';
import { type AuditRecord, apiKeyRegistration } from '../support/app.ts';
import { archivedRecords } from '../support/archive/contents.ts';
import { filesIn, keysIn } from '../support/archive/folder.ts';
import { advance } from '../support/clock.ts';
import { PROJECT_ROOT, testClient } from '../support/engine.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  clockAhead,
  killWithEngine,
  newDataDir,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { type ClientKey, signedCall } from '../support/signedClient.ts';
import { allItems, type StoredItem } from '../support/table.ts';

const KILLS = 20;
const WORKERS = 4;
const HOUR_MS = 3_600_000;
const OTHER_ACCOUNT = '444455556666';
const API_KEY = 'key-of-the-archive';

let dataDir: string;
let archive: string;
let server: RunningServer;
let peer: McpPeer;
let other: ClientKey;
let space: { agentSpaceId: string; token: string };
/** How far the clock of servers, and of this process which signs for them, is ahead. */
let ahead = 0;
let answered = 0;

beforeAll(async () => {
  await ensureServerBuilt();
  peer = await startModern({ auth: { header: 'x-api-key', value: API_KEY } });
  dataDir = newDataDir();
  archive = join(dataDir, 'archive');
  server = await start(0);
  other = createAccessKey(accessKeysFile(dataDir), { role: 'operator', accountId: OTHER_ACCOUNT }, Date.now);
  space = await newSpace();
}, 120_000);
afterAll(async () => {
  await server.end();
  await peer.close();
  removeDataDir(dataDir);
});

/** Starts a server whose clock, and ours, has moved on: never while one runs. */
async function start(ms: number): Promise<RunningServer> {
  ahead += ms;
  advance(ms);
  return await startServer(dataDir, {
    ...clockAhead(ahead),
    QUOTA_SPACES: '100000',
    QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN: '10000000',
    QUOTA_REQUESTS_PER_MINUTE_PER_SPACE: '10000000',
  });
}

async function newSpace() {
  const { serviceId } = await operate('RegisterService', apiKeyRegistration('tools', peer.url, API_KEY));
  const { agentSpaceId } = (await operate('CreateAgentSpace', { name: 'archive' })).agentSpace;
  const configuration = { mcpserver: { tools: ['echo'] } };
  await operate('AssociateService', { agentSpaceId, serviceId, configuration });
  const { tokenValue } = await operate('CreateAccessToken', {
    agentSpaceId,
    name: 'agent',
    scope: 'operate',
  });
  return { agentSpaceId, token: tokenValue as string };
}

async function operate(name: OperationName, input: object) {
  const { error, body } = await signedCall(server.port, name, input);
  if (error) throw new Error(`${name}: ${error} ${body.message}`);
  return body;
}

it(`archives every event exactly once across ${KILLS} kills`, { timeout: 600_000 }, async () => {
  let interrupted = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const before = keysIn(archive).length;
    const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker, server.port));
    // Every other time right after the archiver began to write, if it does; else once enough is going on.
    await (kill % 2 ? untilArchiveGrows(before) : untilAnswered(answered + 4 * WORKERS));
    await sleep(Math.random() * 15);
    await (kill % 4 < 2 ? server.kill() : killWithEngine(server));
    await Promise.all(workers);
    if (isHalfWritten()) interrupted++;
    server = await start(HOUR_MS);
  }
  await operate('UpdateAgentSpace', { agentSpaceId: space.agentSpaceId, name: 'the last change' });
  await server.stop();
  server = await start(2 * HOUR_MS);
  const client = testClient(server.databaseEndpoint);
  // Up to the hour before this one's; starts and stops leave no events.
  const last = hourAt(Date.now() - 2 * HOUR_MS);
  await closed(last);
  const items = await allItems(client);
  const stored = storedRecords(items).filter(({ eventTime }) => eventTime.slice(0, 13) <= last);
  const archived = archivedRecords(filesIn(archive));
  expect(archived.map(({ eventID }) => eventID).sort()).toEqual(stored.map(({ eventID }) => eventID).sort());
  const byId = new Map(archived.map(record => [record.eventID, record]));
  for (const record of stored) expect(byId.get(record.eventID)).toEqual(record);

  // Enough was going on, of each kind, for the kills to hit something.
  expect(answered).toBeGreaterThan(KILLS * WORKERS);
  expect(archived.filter(({ eventCategory }) => eventCategory === 'Data').length).toBeGreaterThan(KILLS);
  expect(new Set(archived.map(({ recipientAccountId }) => recipientAccountId)).size).toBe(2);
  expect(interrupted).toBeGreaterThan(0);
  expect(verify(last)).toContain('nothing was changed');
});

/** Changes, reads, refusals and calls of tools, until the server is gone. */
async function work(worker: number, port: number): Promise<void> {
  const url = () => `http://127.0.0.1:${port}/v1/agentspaces/${space.agentSpaceId}/mcp`;
  const agent = wireAgent({ port, url } as unknown as AgentApp, space.agentSpaceId, space.token);
  const calls: (() => Promise<unknown>)[] = [
    () => signedCall(port, 'UpdateAgentSpace', { agentSpaceId: space.agentSpaceId, name: `w${worker}` }),
    () => agent.call('tools_echo', { message: 'hello' }),
    () => signedCall(port, 'GetAgentSpace', { agentSpaceId: 'none' }),
    () => agent.call('tools_missing'),
    () => signedCall(port, 'ListServices', {}, { key: other }),
  ];
  for (let n = worker; ; n++) {
    try {
      await calls[n % calls.length]?.();
      answered++;
    } catch {
      return;
    }
  }
}

/** However slow the machine is. */
async function untilAnswered(count: number): Promise<void> {
  for (let waited = 0; waited < 10_000 && answered < count; waited += 5) await sleep(5);
}

async function untilArchiveGrows(before: number): Promise<void> {
  for (let waited = 0; waited < 400; waited++) {
    if (keysIn(archive).length > before) return;
    await sleep(1);
  }
}

/** Whether a kill left files that no digest names yet, or pieces of one. */
function isHalfWritten(): boolean {
  const files = keysIn(archive);
  return files.some(key => {
    const name = parseLogFileKey(key);
    return key.startsWith('.unfinished/') || (name && !files.includes(digestKey(name, name.closedHour)));
  });
}

async function closed(hour: Hour): Promise<void> {
  const store = testClient(server.databaseEndpoint);
  const config = { tableName: 'switchboard' } as Parameters<typeof getItem>[0]['config'];
  for (let waited = 0; waited < 30_000; waited += 50) {
    const item = await getItem<{ hour: Hour }>({ store, config }, keys.archiveClosed());
    if (item && item.hour >= hour) return;
    await sleep(50);
  }
  throw new Error(`The archive does not get to ${hour}.\n${server.stdout()}`);
}

function storedRecords(items: readonly StoredItem[]): AuditRecord[] {
  return items.flatMap(item => {
    if (item.pk.includes('#AUD#')) return [JSON.parse(item.record) as AuditRecord];
    if (/#INV#/.test(item.pk)) return recordsOf(item as unknown as SegmentItem) as unknown as AuditRecord[];
    return [];
  });
}

/** What `npm run audit` says of the archive. */
function verify(last: Hour): string {
  const to = `${hourAt(Date.parse(`${last}:00:00Z`) + HOUR_MS)}:00Z`;
  const args = ['scripts/audit.ts', 'verify', '--dir', archive, '--to', to];
  return execFileSync(process.execPath, args, { cwd: PROJECT_ROOT, encoding: 'utf8' });
}

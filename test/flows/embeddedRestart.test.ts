import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeyRegistration } from '../support/app.ts';
import { testClient } from '../support/engine.ts';
import { type McpPeer, modernListener, startModern } from '../support/mcp/modern.ts';
import { startTlsServer } from '../support/mcp/tlsServer.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  newDataDir,
  type RunningServer,
  removeDataDir,
  said,
  spawnServer,
  startServer,
} from '../support/serverProcess.ts';
import { lookedUp, signedCall } from '../support/signedClient.ts';
import { allItems } from '../support/table.ts';

const KEY = 'key-that-survives-restarts';

let dataDir: string;
let server: RunningServer;
let peer: McpPeer;

beforeAll(async () => {
  await ensureServerBuilt();
  peer = await startModern({ auth: { header: 'x-api-key', value: KEY } });
  dataDir = newDataDir();
  server = await startServer(dataDir);
}, 120_000);
afterAll(async () => {
  await server.end();
  await peer.close();
  removeDataDir(dataDir);
});

describe('a restart', () => {
  it('keeps data, credentials, page tokens and the trail', async () => {
    const { serviceId } = await register('kept', peer.url);
    await register('kept-too', peer.url);
    const space = await signedCall(server.port, 'CreateAgentSpace', { name: 'team' });
    const { agentSpaceId } = space.body.agentSpace;
    const configuration = { mcpserver: { tools: ['echo'] } };
    const tied = await signedCall(server.port, 'AssociateService', {
      agentSpaceId,
      serviceId,
      configuration,
    });
    const page = await signedCall(server.port, 'ListServices', { maxResults: 1 });
    const before = await lookedUp(server.port, { EndTime: new Date().toISOString() });

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
    const askedBefore = peer.requests.length;
    server = await startServer(dataDir);

    const { associationId } = tied.body.association;
    const found = await signedCall(server.port, 'GetAssociation', { agentSpaceId, associationId });
    expect(found.body).toEqual({ association: tied.body.association });
    const { nextToken } = page.body;
    const second = await signedCall(server.port, 'ListServices', { maxResults: 1, nextToken });
    expect(second).toMatchObject({ status: 200, body: { services: [{ name: 'kept-too' }] } });
    const after = await lookedUp(server.port);
    const ids = new Set(after.map(event => event.eventID));
    expect(before.length).toBeGreaterThan(4);
    expect(before.filter(event => !ids.has(event.eventID))).toEqual([]);
    const validated = await signedCall(server.port, 'ValidateService', { serviceId });
    expect(validated.body.report).toMatchObject({ valid: true });
    expect(peer.requests.slice(askedBefore).map(({ credentials }) => credentials['x-api-key'])).toContain(
      KEY,
    );
  });
});

describe('SIGTERM', () => {
  it('lets a slow registration finish, and takes no new calls meanwhile', async () => {
    const slow = await startSlow(700);
    const registration = register('slow', slow.url);
    while (slow.requests.length === 0) await sleep(5);
    const stopped = server.stop();
    await said(server, /finishing requests/);
    const late = await signedCall(server.port, 'ListServices').catch(error => error.code);
    const { serviceId } = await registration;
    await expect
      .poll(() => steps(server.stdout()), { timeout: 10_000 })
      .toEqual([
        ...['url passed', 'address passed', 'tls passed', 'http passed', 'transport passed'],
        ...['credential passed', 'handshake passed', 'tools passed'],
      ]);
    expect(await stopped).toEqual({ code: 0, signal: null });
    await slow.close();
    expect(late).toBe('ECONNREFUSED');
    server = await startServer(dataDir);
    expect(await signedCall(server.port, 'GetService', { serviceId })).toMatchObject({ status: 200 });
  });

  it('before the server is ready ends the start', async () => {
    const other = newDataDir();
    const early = await spawnServer(other);
    await said(early, /starting/);
    const { code, signal } = await early.stop();
    // 1 in the midst of the start; 0 where the start was faster than the signal.
    expect(signal).toBeNull();
    expect([0, 1]).toContain(code);
    expect(early.stdout().includes('ready at')).toBe(code === 0);
    await early.end();
    removeDataDir(other);
  });
});

describe('a server that runs', () => {
  it('removes what has expired, and nothing else', async () => {
    const client = testClient(server.databaseEndpoint);
    const seconds = Math.floor(Date.now() / 1000);
    const pk = 'A#000000000000#RATE#TEST';
    for (const [sk, expiresAt] of Object.entries({ lasts: seconds + 3600, ended: seconds - 3600 })) {
      await client.send(new PutCommand({ TableName: 'switchboard', Item: { pk, sk, expiresAt } }));
    }
    const left = async () => (await allItems(client)).filter(item => item.pk === pk).map(({ sk }) => sk);
    await expect.poll(left, { timeout: 50_000, interval: 250 }).toEqual(['lasts']);
  });
});

describe('a key file that is gone', () => {
  it('while there is a database refuses the start, and is not made anew', async () => {
    await server.stop();
    rmSync(join(dataDir, 'key-file.json'));
    for (let time = 0; time < 2; time++) {
      const refused = await spawnServer(dataDir);
      expect(await refused.ended).toEqual({ code: 1, signal: null });
      expect(refused.stderr()).toContain(
        `Switchboard could not start: The key file ${join(dataDir, 'key-file.json')} is missing, but there is a database`,
      );
    }
  });
});

async function register(name: string, url: string): Promise<{ serviceId: string }> {
  const answer = await signedCall(server.port, 'RegisterService', apiKeyRegistration(name, url, KEY));
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

/** The checks of the last server that was validated, as a person sees them go by. */
function steps(output: string): string[] {
  const lines = output.matchAll(/^validation step: server=slow step=(\w+) status=(\w+) durationMs=\d+$/gm);
  return [...lines].map(([, step, status]) => `${step} ${status}`);
}

/** Works, and takes `ms` for each answer. */
function startSlow(ms: number) {
  const { listener } = modernListener();
  return startTlsServer((request, response) => {
    setTimeout(() => listener(request, response), ms);
  });
}

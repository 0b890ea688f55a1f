import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { operationList } from '../../lib/api/operations.ts';
import type { AccessKey } from '../../local/identity/accessKey.ts';
import { PROJECT_ROOT, testClient } from '../support/engine.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { lookedUp, signedCall } from '../support/signedClient.ts';
import { allItems } from '../support/table.ts';
import { send, signedHeaders } from '../unit/local/http/signedRequest.ts';

let dataDir: string;
let server: RunningServer;
beforeAll(async () => {
  await ensureServerBuilt();
  dataDir = newDataDir();
  server = await startServer(dataDir);
}, 120_000);
afterAll(async () => {
  await server.end();
  removeDataDir(dataDir);
});

/** `npm run keys -- …` on the server's folder. */
async function keys(...args: string[]): Promise<string> {
  const env = { ...process.env, SWITCHBOARD_DATA_DIR: dataDir };
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'keys', '--', ...args], {
    env,
    cwd: PROJECT_ROOT,
  });
  return stdout;
}

function keyNamed(userName: string): AccessKey {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'access-keys.json'), 'utf8')) as {
    keys: AccessKey[];
  };
  const key = keys.find(one => one.userName === userName);
  if (!key) throw new Error(`no key of ${userName}`);
  return key;
}

/** Waits until the server has noticed a change of the keys. */
async function untilStatus(key: AccessKey, status: number): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 100) {
    if ((await signedCall(server.port, 'ListServices', {}, { key })).status === status) return;
    await sleep(100);
  }
  throw new Error(`the key does not answer with ${status}`);
}

/** Every label filled; nothing of it exists. */
function inputOf(name: OperationName): object {
  const arn = 'arn:aws:aidevops:us-east-1:000000000000:service/mcpserver-none';
  const labels = {
    agentSpaceId: 'none',
    serviceId: 'mcpserver-none',
    associationId: 'mcpserver-none',
    tokenId: '0'.repeat(32),
    resourceArn: arn,
  };
  const { path } = operationList.find(one => one.name === name) ?? { path: '' };
  const used = Object.entries(labels).filter(([label]) => path.includes(`{${label}}`));
  return { ...Object.fromEntries(used), ...(path.includes('{service}') && { service: 'mcpserver' }) };
}

describe('keys made by npm run keys', () => {
  it('of an auditor may only read, on every operation, and each denial is on the trail', async () => {
    const said = await keys('create', '--role', 'auditor', '--name', 'ann');
    const key = keyNamed('ann');
    expect(said).toContain(key.accessKeyId);
    expect(said).not.toContain(key.secretAccessKey);
    await untilStatus(key, 200);
    const denied: { name: string; requestId: string; input: object }[] = [];
    for (const { name, access } of operationList) {
      const input = inputOf(name as OperationName);
      const { error, requestId } = await signedCall(server.port, name as OperationName, input, { key });
      expect([name, error === 'AccessDeniedException']).toEqual([name, access === 'write']);
      if (access === 'write') denied.push({ name, requestId, input });
    }
    const events = await lookedUp(server.port, {
      LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'ann' }],
    });
    for (const { name, requestId, input } of denied) {
      expect(events.filter(event => event.requestID === requestId)).toMatchObject([
        {
          eventName: name,
          errorCode: 'AccessDeniedException',
          errorMessage: expect.stringContaining(`not authorized to perform: aidevops:${name}`),
          userIdentity: { type: 'IAMUser', userName: 'ann', accessKeyId: key.accessKeyId },
          requestParameters: Object.keys(input).length > 0 ? input : null,
          responseElements: null,
        },
      ]);
    }
  });

  it('of an operator may write, until they are deleted', async () => {
    await keys('create', '--role', 'operator', '--name', 'bob');
    const key = keyNamed('bob');
    await untilStatus(key, 200);
    expect(await signedCall(server.port, 'CreateAgentSpace', { name: 'bobs' }, { key })).toMatchObject({
      status: 201,
    });
    await keys('delete', key.accessKeyId);
    await untilStatus(key, 403);
    expect(await keys('list')).not.toContain(key.accessKeyId);
  });

  it('of another account see nothing of this one', async () => {
    await keys('create', '--role', 'admin', '--account', '999988887777', '--name', 'eve');
    const key = keyNamed('eve');
    await untilStatus(key, 200);
    const space = await signedCall(server.port, 'CreateAgentSpace', { name: 'ours' });
    const { agentSpaceId } = space.body.agentSpace;
    const seen = await signedCall(server.port, 'GetAgentSpace', { agentSpaceId }, { key });
    expect(seen).toMatchObject({ status: 404, error: 'ResourceNotFoundException' });
    const events = await lookedUp(server.port, {}, { key });
    expect(new Set(events.map(event => event.recipientAccountId))).toEqual(new Set(['999988887777']));
  });
});

describe('callers that cannot be verified', () => {
  const target = '/v1/services/list';
  const authorized = (port: number, key: typeof ROOT_KEY) =>
    signedHeaders(`127.0.0.1:${port}`, { method: 'POST', path: target, key });
  const nobody = { accessKeyId: 'SWBKNOBODYNOBODYNOBO', secretAccessKey: 'x'.repeat(40) };
  /** Headers that are refused for each reason. */
  const refused: Record<string, (port: number) => Promise<Record<string, string>>> = {
    MissingAuthenticationTokenException: async () => ({}),
    IncompleteSignatureException: async () => ({ authorization: 'Bearer mine' }),
    UnrecognizedClientException: port => authorized(port, nobody),
    InvalidSignatureException: port =>
      authorized(port, { ...ROOT_KEY, secretAccessKey: nobody.secretAccessKey }),
  };
  const reasons = Object.keys(refused);

  async function callAs(reason: string, port: number): Promise<void> {
    const headers = { host: `127.0.0.1:${port}`, ...(await refused[reason]?.(port)) };
    const answer = await send({ port, method: 'POST', target, headers });
    expect(answer.headers['x-amzn-errortype']).toBe(reason);
  }

  it('cause no write per request, and one event per reason and minute', async () => {
    const folder = newDataDir();
    const first = await startServer(folder);
    const client = testClient(first.databaseEndpoint);
    const before = (await allItems(client)).length;
    for (let round = 0; round < 25; round++) {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => callAs(reasons[n % reasons.length] as string, first.port)),
      );
    }
    // A minute that ended meanwhile may be on record already: one item for each reason.
    expect((await allItems(client)).length).toBeLessThanOrEqual(before + reasons.length);
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const second = await startServer(folder);
    const events = await lookedUp(second.port, {
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AuthenticateRequest' }],
    });
    await second.end();
    removeDataDir(folder);
    const minutes = events.map(event => `${event.errorCode} ${event.eventTime}`);
    expect(new Set(minutes).size).toBe(minutes.length);
    for (const reason of reasons) {
      const counts = events.filter(one => one.errorCode === reason).map(one => one.additionalEventData.count);
      expect([reason, counts.reduce((sum, count) => sum + count, 0)]).toEqual([reason, 125]);
    }
    expect(events[0]).toMatchObject({
      userIdentity: { type: 'Unknown' },
      recipientAccountId: '000000000000',
    });
  });
});

describe('AUDIT_READS=false', () => {
  it('leaves reads out of the trail, and changes and refusals in it', async () => {
    await server.stop();
    server = await startServer(dataDir, { AUDIT_READS: 'false' });
    const StartTime = new Date().toISOString();
    await signedCall(server.port, 'ListServices');
    const made = await signedCall(server.port, 'CreateAgentSpace', { name: 'seen' });
    const missing = await signedCall(server.port, 'GetService', { serviceId: 'mcpserver-none' });
    const events = await lookedUp(server.port, { StartTime });
    expect(events.map(event => event.requestID).sort()).toEqual([made.requestId, missing.requestId].sort());
  });
});

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import type { AccessKey } from '../../local/identity/accessKey.ts';
import { eventually } from '../support/agents.ts';
import { written } from '../support/agentWire.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  startServer,
} from '../support/serverProcess.ts';
import { type ClientKey, lookedUp, signedCall } from '../support/signedClient.ts';
import { send, signedHeaders } from '../unit/local/http/signedRequest.ts';

const KEY = 'the-key-of-the-server';

let dataDir: string;
let server: RunningServer;
let peer: McpPeer;
let space: string;
let target: string;

beforeAll(async () => {
  await ensureServerBuilt();
  dataDir = newDataDir();
  [server, peer] = await Promise.all([
    startServer(dataDir, { ALLOW_INSECURE_HTTP: 'true' }),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
  ]);
  const { serviceId } = await ok('RegisterService', apiKeyRegistration('srv', peer.url, KEY));
  space = (await ok('CreateAgentSpace', { name: 'agents' })).agentSpace.agentSpaceId;
  const configuration = { mcpserver: { tools: ['echo', 'write_note'] } };
  await ok('AssociateService', { agentSpaceId: space, serviceId, configuration });
  target = `/v1/agentspaces/${space}/mcp`;
}, 120_000);
afterAll(async () => {
  await server.end();
  await peer.close();
  removeDataDir(dataDir);
});

async function ok(name: OperationName, input: object) {
  const { body, error } = await signedCall(server.port, name, input);
  if (error) throw new Error(`${name}: ${error} ${body.message}`);
  return body;
}

/** A key made by `npm run keys`, once the server knows it. */
async function keyOf(role: string, ...more: string[]): Promise<AccessKey> {
  const env = { ...process.env, SWITCHBOARD_DATA_DIR: dataDir };
  const args = ['scripts/keys.ts', 'create', '--role', role, '--name', role, ...more];
  await promisify(execFile)(process.execPath, args, { env, cwd: PROJECT_ROOT });
  const key = JSON.parse(readFileSync(join(dataDir, 'access-keys.json'), 'utf8')).keys.at(-1);
  while ((await signedCall(server.port, 'ListServices', {}, { key })).status !== 200) await sleep(100);
  return key;
}

const CALL = written('tools/call', { name: 'srv_write_note', arguments: { text: 'a' } });
const USUAL = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A call of a tool, signed; `changed` is what arrives in the place of the body. */
async function call(key: ClientKey, changed = CALL.body, more: Record<string, string> = {}) {
  const host = `127.0.0.1:${server.port}`;
  const signed = await signedHeaders(host, { method: 'POST', path: target, body: CALL.body, key });
  const headers = { ...signed, ...USUAL, ...(CALL.headers as object), ...more };
  return send({ port: server.port, method: 'POST', target, headers, body: changed });
}

describe('whoever signs', () => {
  it.each(['admin', 'operator'])('as %s calls tools, and is named in the log of calls', async role => {
    const key = await keyOf(role);
    const { status, json, headers } = await call(key);
    expect([status, json.result?.content[0].text]).toEqual([200, 'a']);
    const requestId = headers['x-amzn-requestid'];
    const record = await eventually(async () => {
      const { invocations } = await ok('ListInvocations', { agentSpaceId: space });
      return invocations.find((one: { requestId: string }) => one.requestId === requestId);
    });
    expect(record).toMatchObject({ outcome: 'success', userArn: expect.stringContaining(role) });
    expect(record).not.toHaveProperty('tokenId');
  });

  it('as an auditor is denied, and the trail has it', async () => {
    const key = await keyOf('auditor');
    const asked = peer.requests.length;
    for (const body of [CALL.body, written('tools/list').body]) {
      const signed = await signedHeaders(`127.0.0.1:${server.port}`, {
        method: 'POST',
        path: target,
        body,
        key,
      });
      const headers = { ...signed, ...USUAL, 'mcp-protocol-version': '2025-06-18' };
      const denied = await send({ port: server.port, method: 'POST', target, headers, body });
      expect([denied.status, denied.headers['x-amzn-errortype']]).toEqual([403, 'AccessDeniedException']);
      const requestId = denied.headers['x-amzn-requestid'];
      const found = { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'InvokeTool' }] };
      const events = await lookedUp(server.port, found);
      expect(events.filter(event => event.requestID === requestId)).toMatchObject([
        {
          errorCode: 'AccessDeniedException',
          userIdentity: { type: 'IAMUser', userName: 'auditor', accessKeyId: key.accessKeyId },
          requestParameters: { agentSpaceId: space },
        },
      ]);
    }
    expect(peer.requests.length).toBe(asked);
  });

  it('for another account finds no such space', async () => {
    const eve = await keyOf('admin', '--account', '999988887777');
    const asked = peer.requests.length;
    const { status, json } = await call(eve);
    expect([status, json.error.data.code]).toEqual([404, 'NO_SUCH_SPACE']);
    expect(peer.requests.length).toBe(asked);
  });

  it('wrongly, twice, or something else is refused', async () => {
    const asked = peer.requests.length;
    const stranger = { accessKeyId: 'SWBKNOBODYNOBODYNOBO', secretAccessKey: 'x'.repeat(40) };
    const { accessKeyId } = ROOT_KEY;
    const other = CALL.body.replace('"a"', '"b"');
    expect((await call(stranger)).status).toBe(403);
    expect((await call({ accessKeyId, secretAccessKey: 'x'.repeat(40) })).status).toBe(403);
    expect((await call(ROOT_KEY, other)).status).toBe(403);
    expect((await call(ROOT_KEY, CALL.body, { authorization: 'AWS4-HMAC-SHA256 nonsense' })).status).toBe(
      400,
    );
    expect((await call(ROOT_KEY, CALL.body, { authorization: 'Bearer AWS4-HMAC-SHA256' })).status).toBe(401);
    expect(peer.requests.length).toBe(asked);
    expect((await call(ROOT_KEY)).status).toBe(200);
  });
});

it('a space is not registered as a server, under any of the names that it answers to', async () => {
  const { body } = await signedCall(server.port, 'CreateAccessToken', {
    agentSpaceId: space,
    name: 'a',
    scope: 'read',
  });
  for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '127.1']) {
    const endpoint = `http://${name}:${server.port}${target}`;
    const authorizationConfig = { bearerToken: { tokenName: 'a', tokenValue: body.tokenValue } };
    const answer = await signedCall(server.port, 'RegisterService', {
      service: 'mcpserver',
      serviceDetails: { mcpserver: { name: 'itself', endpoint, authorizationConfig } },
    });
    expect([name, answer.error]).toEqual([name, 'ValidationException']);
    expect(JSON.stringify(answer.body)).toContain('Switchboard itself');
    expect(answer.raw).not.toContain(body.tokenValue);
  }
});

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agentPidsOf } from '../support/agentPids.ts';
import { eventually } from '../support/agents.ts';
import { apiKeyRegistration } from '../support/app.ts';
import { selfSigned } from '../support/certificates.ts';
import { exchange, legacyMessage, modernMessage } from '../support/clients/wire.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import type { ToolContext } from '../support/mcp/toolShelf.ts';
import { ensureServerBuilt } from '../support/serverBuild.ts';
import {
  agentsUrlOf,
  newDataDir,
  ROOT_KEY,
  type RunningServer,
  removeDataDir,
  said,
  spawnServer,
  startServer,
} from '../support/serverProcess.ts';
import { signedCall } from '../support/signedClient.ts';
import { send, signedHeaders } from '../unit/local/http/signedRequest.ts';

const PROCESSES = 2;
const KEY = 'the-key-of-the-server';

let dataDir: string;
let server: RunningServer;
let peer: McpPeer;
/** Of the agents' own port. */
let url: string;
let space: string;
let serviceId: string;
let token: string;
let tokenId: string;
/** Calls of `wait` that the server works on, and how it is told to answer them. */
let release = Promise.withResolvers<void>();
const seen = { started: 0, cancelled: 0 };

const tool = (name: string) => ({
  name,
  description: 'For tests.',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
});

async function wait(_: object, { signal }: ToolContext) {
  seen.started++;
  await Promise.race([release.promise, new Promise(resolve => signal.addEventListener('abort', resolve))]);
  if (signal.aborted) seen.cancelled++;
  return { content: [{ type: 'text', text: 'waited' }] };
}

async function say() {
  return { content: [{ type: 'text', text: 'said' }] };
}

beforeAll(async () => {
  await ensureServerBuilt();
  peer = await startModern({
    auth: { header: 'x-api-key', value: KEY },
    tools: [tool('say'), tool('wait')],
    acts: { say, wait },
  });
}, 120_000);
afterAll(() => peer.close());

/** Starts a server with processes of agents and a space that may use both tools. */
async function startWithAgents(env: Record<string, string> = {}): Promise<void> {
  server = await startServer(dataDir, { AGENT_PROCESSES: String(PROCESSES), ...env });
  url = agentsUrlOf(server);
  const registered = await operate('RegisterService', apiKeyRegistration('srv', peer.url, KEY));
  serviceId = registered.serviceId;
  space = (await operate('CreateAgentSpace', { name: 'team' })).agentSpace.agentSpaceId;
  const configuration = { mcpserver: { tools: ['say', 'wait'] } };
  await operate('AssociateService', { agentSpaceId: space, serviceId, configuration });
  ({
    tokenValue: token,
    accessToken: { tokenId } = { tokenId: '' },
  } = await operate('CreateAccessToken', {
    agentSpaceId: space,
    name: 'agent',
    scope: 'read',
  }));
}

async function operate(name: Parameters<typeof signedCall>[1], input: object) {
  const { body, error } = await signedCall(server.port, name, input);
  if (error) throw new Error(`${name}: ${error} ${body.message}`);
  return body;
}

function endpoint(base = url) {
  return { url: `${base}/v1/agentspaces/${space}/mcp/srv`, token };
}

/** Calls a tool on a connection of its own: each goes to the next process. */
async function call(name: string, message = modernMessage, id: string | number = 1) {
  const { body, headers } = message('tools/call', { name, arguments: {} }, id);
  return sendAlone(body, headers);
}

async function sendAlone(body: string, headers: Record<string, string>) {
  const { port, host, pathname } = new URL(endpoint().url);
  return send({
    port: Number(port),
    method: 'POST',
    target: pathname,
    headers: {
      host,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      connection: 'close',
      ...headers,
    },
    body,
  });
}

function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

beforeEach(() => {
  dataDir = newDataDir();
  release = Promise.withResolvers<void>();
  Object.assign(seen, { started: 0, cancelled: 0 });
});
afterEach(async () => {
  await server.end();
  removeDataDir(dataDir);
});

describe('processes of agents', () => {
  beforeEach(() => startWithAgents());

  it('serve agents, and nothing else', async () => {
    expect(agentPidsOf(server)).toHaveLength(PROCESSES);
    expect(
      (await exchange(endpoint(), modernMessage('tools/call', { name: 'say', arguments: {} }))).message,
    ).toMatchObject({
      result: { content: [{ text: 'said' }] },
    });
    const { port } = new URL(url);
    const health = await send({
      port: Number(port),
      target: '/healthz',
      headers: { host: new URL(url).host },
    });
    expect([health.status, health.json]).toEqual([200, { status: 'ok' }]);
    const operation = await signedCall(Number(port), 'ListServices');
    expect(operation).toMatchObject({ status: 404, error: 'UnknownOperationException' });
    expect(operation.body.message).toBe('Only agents are served here: operations are called at PORT.');
    const foreign = await send({ port: Number(port), target: '/healthz', headers: { host: 'example.com' } });
    expect(foreign.status).toBe(403);
    expect(foreign.json.message).toContain('AGENTS_BASE_URL');
  });

  it('leave the endpoint where it was, too', async () => {
    const there = await exchange(
      endpoint(server.url),
      modernMessage('tools/call', { name: 'say', arguments: {} }),
    );
    expect(there.message).toMatchObject({ result: { content: [{ text: 'said' }] } });
  });

  it('share the work', async () => {
    const before = new Map(agentPidsOf(server).map(pid => [pid, ticks(pid)]));
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let n = 0; n < 100; n++) expect((await call('say')).status).toBe(200);
      }),
    );
    for (const [pid, spent] of before) expect(ticks(pid) - spent, `process ${pid}`).toBeGreaterThan(5);
  });

  it('check signatures like the server', async () => {
    const { body, headers } = modernMessage('tools/call', { name: 'say', arguments: {} });
    const { host, pathname } = new URL(endpoint().url);
    const sign = (key: typeof ROOT_KEY) => signedHeaders(host, { method: 'POST', path: pathname, body, key });
    const signed = async (key: typeof ROOT_KEY) =>
      sendAlone(body, { ...headers, ...(await sign(key)), 'content-type': 'application/json' });
    expect((await signed(ROOT_KEY)).json).toMatchObject({ result: { content: [{ text: 'said' }] } });
    expect((await signed({ ...ROOT_KEY, secretAccessKey: 'not-the-secret-of-the-root' })).status).toBe(403);
  });

  it('all refuse a revoked token within five seconds', async () => {
    for (let n = 0; n < 2 * PROCESSES; n++) expect((await call('say')).status).toBe(200);
    await operate('RevokeAccessToken', { agentSpaceId: space, tokenId });
    await sleep(5_000);
    for (let n = 0; n < 2 * PROCESSES; n++) expect((await call('say')).status).toBe(401);
  });

  it('end a call that its agent cancels through another of them', async () => {
    const calls = ['a', 'b'].map(id => call('wait', legacyMessage, id));
    await eventually(async () => seen.started === 2);
    const cancel = async (requestId: string) => {
      const { body, headers } = legacyMessage('notifications/cancelled', { requestId });
      expect((await sendAlone(body, headers)).status).toBe(202);
    };
    // Each call is in one of them: of the connections that follow, two in a row cannot both find theirs.
    await cancel('b');
    await cancel('a');
    expect((await Promise.all(calls)).map(({ text }) => /CALL_CANCELLED/.test(text))).toEqual([true, true]);
    expect(seen.cancelled).toBe(2);
    // Whoever asks the server itself is heard there.
    const third = call('wait', legacyMessage, 'c');
    await eventually(async () => seen.started === 3);
    await exchange(endpoint(server.url), legacyMessage('notifications/cancelled', { requestId: 'c' }));
    expect((await third).text).toContain('CALL_CANCELLED');
  });

  it('are not to be registered as a server', async () => {
    const own = `https://${new URL(url).host}/v1/agentspaces/${space}/mcp`;
    const answer = await signedCall(server.port, 'RegisterService', apiKeyRegistration('own', own, KEY));
    expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
    expect(answer.body.message).toContain('Switchboard');
  });

  it('are started again when they end, while the others go on', async () => {
    const [victim = 0, other = 0] = agentPidsOf(server);
    process.kill(victim, 'SIGKILL');
    await eventually(async () => !lives(victim));
    for (let n = 0; n < 4; n++) expect((await call('say')).status).toBe(200);
    // What is told to all of them reaches the new one before it serves.
    const { body, headers } = legacyMessage('notifications/cancelled', { requestId: 'none' });
    for (let waited = 0; waited < 2_500; waited += 25) {
      expect((await sendAlone(body, headers)).status).toBe(202);
      await sleep(25);
    }
    await eventually(async () => agentPidsOf(server).length === PROCESSES);
    expect(agentPidsOf(server)).toContain(other);
    expect(agentPidsOf(server)).not.toContain(victim);
    expect(server.stdout().match(/A process of agents ended .*/g)).toEqual([
      'A process of agents ended (SIGKILL); another one is started.',
    ]);
    for (let n = 0; n < 4; n++) expect((await call('say')).status).toBe(200);
  });

  it('outlive an interrupt, which the server decides about, and end when asked to', async () => {
    const [first = 0] = agentPidsOf(server);
    process.kill(first, 'SIGINT');
    const inFlight = Array.from({ length: PROCESSES }, () => call('wait'));
    await eventually(async () => seen.started === PROCESSES);
    expect(lives(first)).toBe(true);
    process.kill(first, 'SIGTERM');
    await sleep(300);
    expect(lives(first)).toBe(true);
    release.resolve();
    for (const { json } of await Promise.all(inFlight)) {
      expect(json).toMatchObject({ result: { content: [{ text: 'waited' }] } });
    }
    await eventually(async () => !lives(first));
    await eventually(async () => agentPidsOf(server).length === PROCESSES);
  });

  it('finish their calls when the server stops, and leave a record of each', async () => {
    for (let n = 0; n < 10; n++) await call('say');
    const inFlight = Array.from({ length: PROCESSES }, () => call('wait'));
    await eventually(async () => seen.started === PROCESSES);
    const pids = agentPidsOf(server);
    const stopped = server.stop();
    await sleep(300);
    release.resolve();
    for (const { json } of await Promise.all(inFlight)) {
      expect(json).toMatchObject({ result: { content: [{ text: 'waited' }] } });
    }
    expect(await stopped).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');
    expect(pids.filter(lives)).toEqual([]);
    server = await startServer(dataDir);
    const { invocations } = await operate('ListInvocations', { agentSpaceId: space, maxResults: 100 });
    expect(invocations).toHaveLength(10 + PROCESSES);
  });

  it('do not outlive a server that is killed', async () => {
    const pids = agentPidsOf(server);
    await server.kill();
    await eventually(async () => !pids.some(lives));
  });
});

function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

describe('where they listen', () => {
  it('is the port after the server’s, or AGENTS_PORT; taken, it is told with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const refused = await spawnServer(dataDir, { AGENT_PROCESSES: '2', AGENTS_PORT: String(port) });
    server = { ...refused, url: '', port: 0, databaseEndpoint: '' };
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.stderr()).toBe(
      `Switchboard could not start: Port ${port} on 127.0.0.1 is in use: set AGENTS_PORT to another one, or stop what listens there.\n`,
    );
    await new Promise(resolve => taken.close(resolve));
    server = await startServer(dataDir, { AGENT_PROCESSES: '1', AGENTS_PORT: String(port) });
    expect(agentsUrlOf(server)).toBe(`http://127.0.0.1:${port}`);
  });

  it('speaks TLS where the server does', async () => {
    const { certPem, keyPem } = await selfSigned();
    const [TLS_CERT_FILE = '', TLS_KEY_FILE = ''] = ['cert.pem', 'key.pem'].map(file => join(dataDir, file));
    writeFileSync(TLS_CERT_FILE, certPem);
    writeFileSync(TLS_KEY_FILE, keyPem);
    server = await startServer(join(dataDir, 'data'), { AGENT_PROCESSES: '1', TLS_CERT_FILE, TLS_KEY_FILE });
    expect(agentsUrlOf(server)).toMatch(/^https:/);
    const { port, host } = new URL(agentsUrlOf(server));
    const health = await send({ port: Number(port), target: '/healthz', headers: { host }, ca: certPem });
    expect(health.json).toEqual({ status: 'ok' });
  });

  it('is behind AGENTS_BASE_URL for others', async () => {
    const base = { AGENTS_BASE_URL: 'https://agents.example.com', PUBLIC_BASE_URL: 'https://example.com' };
    const started = await spawnServer(dataDir, { AGENT_PROCESSES: '1', ...base });
    server = { ...started, url: '', port: 0, databaseEndpoint: '' };
    const [, line] = (await said(started, /^Agents have processes of their own at (\S+)$/m)) ?? [];
    expect(line).toBe('https://agents.example.com');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../scripts/demoMcpServer.ts', import.meta.url));

let child: ChildProcess;

afterEach(() => void child?.kill('SIGKILL'));

function run(env: Record<string, string>): ChildProcess {
  child = spawn(process.execPath, [SCRIPT], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
}

/** Starts it on a free port; resolves to what it prints until it is ready. */
async function started(env: Record<string, string> = {}): Promise<{ said: string; url: string }> {
  let said = '';
  for await (const line of createInterface({
    input: run({ DEMO_PORT: '0', ...env }).stdout as NodeJS.ReadableStream,
  })) {
    said += `${line}\n`;
    if (line.startsWith('Stop it')) break;
  }
  return { said, url: /http:\S+/.exec(said)?.[0] ?? '' };
}

async function connect(url: string, key: string): Promise<Client> {
  const client = new Client({ name: 'newcomer', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  const requestInit = { headers: { 'x-api-key': key } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  return client;
}

function statusFor(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, answer => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end('{}');
  });
}

it('prints where it is and with which key, and its tools work', async () => {
  const { said, url } = await started();
  const key = /demo-key-\S+/.exec(said)?.[0] ?? '';
  const client = await connect(url, key);
  const { tools } = await client.listTools();
  expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
    ['get_time', true],
    ['add', true],
    ['write_note', false],
    ['remove_notes', false],
  ]);
  const call = async (name: string, given: Record<string, unknown>) =>
    JSON.stringify((await client.callTool({ name, arguments: given })).content);
  expect(await call('add', { a: 2, b: 40 })).toContain('"42"');
  expect(await call('get_time', {})).toContain('Z"');
  expect(await call('write_note', { note: 'a' })).toContain('Note 1 kept.');
  expect(await call('write_note', { note: 'b' })).toContain('Note 2 kept.');
  expect(await call('remove_notes', {})).toContain('2 notes removed.');
  await client.close();
});

it('refuses a wrong or missing key, other hosts and other origins, and does not print a key it was given', async () => {
  const { said, url } = await started({ DEMO_API_KEY: 'my-own-key' });
  expect(said).not.toContain('my-own-key');
  await expect(connect(url, 'wrong')).rejects.toMatchObject({ code: 'CLIENT_HTTP_AUTHENTICATION' });
  const key = { 'x-api-key': 'my-own-key' };
  expect(await statusFor(url, {})).toBe(401);
  expect(await statusFor(url, { ...key, host: 'rebound.example.test' })).toBe(403);
  expect(await statusFor(url, { ...key, origin: 'https://page.example.test' })).toBe(403);
  expect(await statusFor(url.replace('/mcp', '/'), key)).toBe(404);
  await (await connect(url, 'my-own-key')).close();
});

it('says plainly that its port is taken, and ends by itself on SIGTERM', async () => {
  const { url } = await started();
  const first = child;
  const second = run({ DEMO_PORT: new URL(url).port });
  let said = '';
  second.stderr?.on('data', chunk => {
    said += chunk;
  });
  expect((await once(second, 'close'))[0]).toBe(1);
  expect(said).toContain('set DEMO_PORT to another one');
  first.kill('SIGTERM');
  expect((await once(first, 'exit'))[0]).toBe(0);
});

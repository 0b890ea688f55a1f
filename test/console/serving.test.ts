import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInLinkFile } from '../../local/identity/signInLink.ts';
import { PROJECT_ROOT } from '../support/engine.ts';
import { ensureConsoleBuilt } from '../support/serverBuild.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';

const ASSETS = join(PROJECT_ROOT, 'dist', 'console', 'assets');
const dataDir = newDataDir();
let server: RunningServer;

beforeAll(async () => {
  await ensureConsoleBuilt();
  server = await startServer(dataDir, { TRUSTED_PROXIES: '127.0.0.1' });
});

afterAll(async () => {
  await server?.end();
  removeDataDir(dataDir);
});

const get = (path: string, init?: RequestInit) =>
  fetch(`${server.url}${path}`, { redirect: 'manual', ...init });

describe('the console is served', () => {
  it('under a policy that lets in no script but its own, on every answer', async () => {
    for (const path of [
      '/console/',
      '/console/servers/a/b?c=d',
      '/console/assets/none.js',
      '/console/config.json',
    ]) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('with files that are kept for good, and pages that are asked for each time', async () => {
    const page = await get('/console/servers/deep/link');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|%SCRIPT%|%STYLE%/);
    const [script = ''] = /\/console\/assets\/console-\w+\.js/.exec(html) ?? [];
    const asset = await get(script);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(await asset.text()).toBe(readFileSync(join(ASSETS, script.split('/').at(-1) ?? ''), 'utf8'));
  });

  it('and nothing else is', async () => {
    expect((await get('/console')).headers.get('location')).toBe('/console/');
    expect((await get('/console/', { method: 'POST' })).status).toBe(405);
    for (const path of ['..%2findex.html', '%2e%2e%2findex.html', 'none.js', '']) {
      expect((await get(`/console/assets/${path}`)).status).toBe(404);
    }
    const elsewhere = await get('/console/', { headers: { 'accept-encoding': 'identity' } });
    expect(elsewhere.headers.get('content-encoding')).toBeNull();
  });

  it('with settings that hold no secret', async () => {
    expect(await (await get('/console/config.json')).json()).toEqual({
      region: 'us-east-1',
      accountId: '000000000000',
      toolsPerSpace: 500,
      publicBaseUrl: server.url,
      apiUrl: server.url,
      agentsUrl: server.url,
      hasSignInLinks: true,
    });
  });

  it('with where agents have processes of their own', async () => {
    const elsewhere = newDataDir();
    const other = await startServer(elsewhere, { AGENT_PROCESSES: '1' });
    const { publicBaseUrl, agentsUrl } = await (await fetch(`${other.url}/console/config.json`)).json();
    await other.end();
    removeDataDir(elsewhere);
    expect(publicBaseUrl).toBe(other.url);
    expect(other.stdout()).toContain(`Agents have processes of their own at ${agentsUrl}\n`);
    expect(agentsUrl).not.toBe(other.url);
  });

  it('and its sign-in takes JSON of the right kind alone', async () => {
    const ask = (method: string, body: string, type = 'application/json') =>
      get('/console/session', { method, body, headers: { 'content-type': type } });
    expect((await ask('POST', '{"code":"wrong"}')).status).toBe(403);
    expect((await ask('POST', 'null')).status).toBe(403);
    expect((await ask('POST', '{', 'application/json')).status).toBe(403);
    expect((await ask('POST', '{"code":"x"}', 'text/plain')).status).toBe(415);
    expect((await ask('PUT', '{}')).status).toBe(405);
    expect((await ask('POST', `{"code":"${'x'.repeat(2000)}"}`)).status).toBe(413);
    expect((await ask('DELETE', '{"accessKeyId":"a","secretAccessKey":"b"}')).status).toBe(204);
  });

  it('and its sign-in works on this machine alone, and under its own name', async () => {
    const code = readFileSync(signInLinkFile(dataDir), 'utf8').trim().split('#code=')[1];
    const ask = (headers: Record<string, string>) =>
      get('/console/session', {
        method: 'POST',
        body: JSON.stringify({ code }),
        headers: { 'content-type': 'application/json', ...headers },
      });
    const afar = await ask({ 'x-forwarded-for': '203.0.113.9' });
    expect([afar.status, await afar.text()]).toEqual([403, expect.stringContaining('on the machine')]);
    expect((await get('/console/', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(200);
    const strange = await requestAs('switchboard.attacker.example');
    expect(strange).toBe(403);
    expect((await ask({})).status).toBe(201);
    expect((await ask({})).status).toBe(403);
  });

  /** The status of the console's page for a browser that was led here by another name. */
  const requestAs = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${server.url}/console/`, { headers: { host } }, answer => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });

  it('in scripts of which the first page needs at most 350 KB', () => {
    const files = readdirSync(ASSETS).filter(name => name.endsWith('.js'));
    const source = (name: string) => readFileSync(join(ASSETS, name), 'utf8');
    /** A script and all that it imports at once. */
    const needed = (name: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(name)) return seen;
      seen.add(name);
      for (const [, other = ''] of source(name).matchAll(/(?:import|from)"\.\/([\w.-]+\.js)"/g))
        needed(other, seen);
      return seen;
    };
    const start = files.filter(name => /^(console|ServersPage)-/.test(name));
    expect(start).toHaveLength(2);
    const all = new Set(start.flatMap(name => [...needed(name)]));
    const bytes = [...all].reduce((sum, name) => sum + gzipSync(source(name)).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(350 * 1024);
  });
});

import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/certificates.ts';
import { FAULT_NAMES, startBroken } from '../support/mcp/broken.ts';
import { asks, closeAll, closeLater, door, serve } from '../unit/egress/doors.ts';

afterEach(closeAll);

const canaries = ['canary-query', 'canary-header', 'canary-body', 'canary-value', 'canary-server'];

function leaksIn(error: unknown): string[] {
  const shown = inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error);
  return canaries.filter(canary => shown.includes(canary));
}

const request = {
  method: 'POST',
  body: 'canary-body',
  headers: { authorization: 'Bearer canary-header', 'x-api-key': 'canary-header' },
};

async function failureOf(work: Promise<Response>): Promise<unknown> {
  return work.then(response => response.text()).catch((error: unknown) => error);
}

describe('errors carry no secret', () => {
  it.each(FAULT_NAMES)('when the server fails by: %s', async fault => {
    const peer = await startBroken(fault);
    closeLater(() => peer.close());
    const limits = { bodyIdleTimeoutMs: 300 };
    const egress = await door({ limits });
    const send = egress.fetchFor(asks({ headersTimeoutMs: 500, maxResponseBytes: 100_000 }));
    // Some never end while they keep sending: the caller's own budget ends those.
    const signal = AbortSignal.timeout(1_500);
    const outcome = await failureOf(send(`${peer.url}?code=canary-query`, { ...request, signal }));
    if (outcome instanceof Error) {
      expect(outcome === signal.reason || outcome.name === 'EgressError').toBe(true);
      expect(leaksIn(outcome)).toEqual([]);
    }
  });

  it('when the URL, the name, the address or the certificate is refused', async () => {
    const peer = await serve((_request, response) => response.end(), { tls: await selfSigned() });
    const urls = [
      'not a url canary-query',
      'https://user:canary-query@example.com/',
      'https://10.0.0.1/canary-query?canary-query',
      'http://example.com/?canary-query',
      'https://example.com/#canary-query',
      `https://example.com/${'canary-query'.repeat(300)}`,
      `https://localhost:${peer.port}/canary-query?canary-query`,
      'https://localhost:1/canary-query?canary-query',
    ];
    const send = (await door()).fetchFor(asks());
    for (const url of urls) {
      const outcome = await failureOf(send(url, request));
      expect(outcome, url).toMatchObject({ name: 'EgressError' });
      expect(leaksIn(outcome), url).toEqual([]);
    }
  });

  it('when a header or method is not allowed by fetch, which repeats it', async () => {
    const send = (await door()).fetchFor(asks());
    const wrong: RequestInit[] = [
      { headers: { authorization: 'Bearer canary-value\nx' } },
      { headers: { 'canary-value ': 'x' } },
      { headers: { 'x-key': 'canary-value €' } },
      { method: 'CANARY canary-value' },
      { method: 'CONNECT' },
      { body: 'canary-value' },
    ];
    for (const init of wrong) {
      const outcome = await failureOf(send('https://localhost:1/', init));
      expect(outcome).toBeInstanceOf(TypeError);
      expect(leaksIn(outcome)).toEqual([]);
    }
  });

  it('when a certificate carries one in its names', async () => {
    const tls = await selfSigned({ hosts: ['canary-server.example'] });
    const peer = await serve((_request, response) => response.end(), { tls });
    const outcome = await failureOf((await door()).fetchFor(asks())(peer.url));
    expect(outcome).toMatchObject({ code: 'TLS_FAILED' });
    expect(leaksIn(outcome)).toEqual([]);
  });
});

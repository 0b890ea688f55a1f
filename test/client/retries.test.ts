import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, type SwitchboardClient, SwitchboardError } from '../../client/src/index.ts';
import { delayBefore } from '../../client/src/retry.ts';
import {
  all,
  type Fault,
  type FlakyProxy,
  failureOf,
  rootClient,
  startFlakyProxy,
} from '../support/client.ts';
import { freePort } from '../support/freePort.ts';
import { newDataDir, type RunningServer, removeDataDir, startServer } from '../support/serverProcess.ts';

const dataDir = newDataDir();
let proxy: FlakyProxy;
let server: RunningServer;

beforeAll(async () => {
  proxy = await startFlakyProxy();
  const port = await freePort();
  proxy.target = `http://127.0.0.1:${port}`;
  server = await startServer(dataDir, { PORT: String(port), PUBLIC_BASE_URL: proxy.url });
});

afterEach(() => {
  proxy.faults.length = 0;
  proxy.requests.length = 0;
});

afterAll(async () => {
  await Promise.all([server?.end(), proxy?.close()]);
  removeDataDir(dataDir);
});

const PASSING: [string, Fault][] = [
  ...[429, 500, 502, 503, 504].map((answer): [string, Fault] => [`HTTP ${answer}`, { answer }]),
  ['a request that is lost', 'lose request'],
  ['an answer that is lost', 'lose answer'],
];

describe.each(PASSING)('after %s', (_, fault) => {
  it('reads again', async () => {
    proxy.faults.push(fault, fault);
    expect(await rootClient(proxy.url).listAgentSpaces()).toHaveProperty('agentSpaces');
    expect(proxy.requests).toHaveLength(3);
  });

  it('gives up in the end, and says why', async () => {
    proxy.faults.push(fault, fault, fault, fault);
    const error = await failureOf(rootClient(proxy.url).listAgentSpaces());
    expect(error.retryable).toBe(true);
    expect(error.name).toBe(typeof fault === 'object' ? `Http${fault.answer}` : 'NetworkError');
    expect(proxy.requests).toHaveLength(3);
  });

  it('creates with one token, so that nothing is made twice', async () => {
    proxy.faults.push(fault, fault);
    const name = crypto.randomUUID();
    const client = rootClient(proxy.url);
    const { agentSpace } = await client.createAgentSpace({ name });
    expect(proxy.requests).toHaveLength(3);
    const made = (await all(client.paginate('listAgentSpaces'))).filter(space => space.name === name);
    expect(made).toEqual([agentSpace]);
  });

  it('repeats no other change', async () => {
    const client = rootClient(proxy.url);
    const { agentSpace } = await client.createAgentSpace({ name: crypto.randomUUID() });
    proxy.requests.length = 0;
    proxy.faults.push(fault);
    const { agentSpaceId } = agentSpace;
    const error = await failureOf(client.updateAgentSpace({ agentSpaceId, description: 'new' }));
    expect(error.retryable).toBe(true);
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('what does not pass by itself', () => {
  it.each([400, 402, 403, 404, 409, 413])('HTTP %i is not tried again', async answer => {
    proxy.faults.push({ answer });
    expect(await failureOf(rootClient(proxy.url).listAgentSpaces())).toMatchObject({
      status: answer,
      retryable: false,
    });
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('maxAttempts', () => {
  it('says how often to try', async () => {
    proxy.faults.push({ answer: 503 });
    await failureOf(rootClient(proxy.url, { maxAttempts: 1 }).listAgentSpaces());
    expect(proxy.requests).toHaveLength(1);
  });
});

describe('the wait before another try', () => {
  const failed = (more: object = {}) =>
    new SwitchboardError({ name: 'X', message: 'x', retryable: true, ...more });

  it('is drawn up to a bound that doubles and ends', () => {
    expect([1, 2, 3, 4].map(tries => delayBefore(failed(), tries, 1))).toEqual([100, 200, 400, 800]);
    expect(delayBefore(failed(), 3, 0.5)).toBe(200);
    expect(delayBefore(failed(), 3, 0)).toBe(0);
    expect(delayBefore(failed(), 30, 1)).toBe(20_000);
  });

  it('is no shorter than the server asks for, and no try is made when that is long', () => {
    expect(delayBefore(failed({ retryAfterSeconds: 2 }), 1, 0.5)).toBe(2050);
    expect(delayBefore(failed({ retryAfterSeconds: 21 }), 1, 0)).toBeUndefined();
  });

  it('is not waited for when the failure is final', () => {
    expect(delayBefore(failed({ retryable: false }), 1, 0)).toBeUndefined();
    expect(delayBefore(new TypeError('a defect'), 1, 0)).toBeUndefined();
  });
});

describe('a signal', () => {
  const reason = new Error('changed my mind');

  it.each([
    ['a read', (client: SwitchboardClient, how: CallOptions) => client.listAgentSpaces({}, how)],
    [
      'a change',
      (client: SwitchboardClient, how: CallOptions) => client.deregisterService({ serviceId: 'x' }, how),
    ],
  ])('ends %s that hangs', async (_, start) => {
    proxy.faults.push('hang');
    const stop = new AbortController();
    const call = start(rootClient(proxy.url), { signal: stop.signal });
    while (proxy.requests.length === 0) await new Promise(setImmediate);
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('ends the wait for another try', async () => {
    // Without the signal the wait is as long as the test may take.
    proxy.faults.push({ answer: 503, headers: { 'retry-after': '20' } }, 'hang');
    const stop = new AbortController();
    const fetching = fetchTelling();
    const client = rootClient(proxy.url, { fetch: fetching.fetch });
    const call = client.listAgentSpaces({}, { signal: stop.signal });
    await fetching.answered;
    await new Promise(setImmediate);
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(proxy.requests).toHaveLength(1);
  });

  it('keeps a call from being made, and credentials from being asked for', async () => {
    const credentials = () => Promise.reject(new Error('asked'));
    const client = rootClient(proxy.url, { credentials });
    const call = client.listAgentSpaces({}, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(proxy.requests).toEqual([]);
  });

  it('ends the walk through pages', async () => {
    const client = rootClient(proxy.url);
    await Promise.all([1, 2, 3].map(n => client.createAgentSpace({ name: `walk ${n}` })));
    proxy.requests.length = 0;
    const stop = new AbortController();
    const walk = async () => {
      for await (const _ of client.pages('listAgentSpaces', { maxResults: 1 }, { signal: stop.signal }))
        stop.abort(reason);
    };
    await expect(walk()).rejects.toBe(reason);
    expect(proxy.requests).toHaveLength(1);
  });
});

/** The platform's fetch, and when it has answered once. */
function fetchTelling() {
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    resolve();
    return response;
  };
  return { fetch, answered };
}

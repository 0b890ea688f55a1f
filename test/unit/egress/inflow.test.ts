import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createEgress } from '../../../lib/egress/egress.ts';

const answers = new Map<string, (response: ServerResponse) => void>();
let connections = 0;
const server = createServer((request, response) => answers.get(request.url ?? '')?.(response))
  .on('connection', () => connections++)
  .listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const egress = createEgress({ allowedPrivateCidrs: ['127.0.0.0/8'], allowInsecureHttp: true, ownHosts: [] });

afterAll(async () => {
  await egress.close();
  server.close();
});

const OPTIONS = { accountId: '111122223333', redirects: 'none', maxResponseBytes: 64e6 } as const;

function send(
  path: string,
  signal = new AbortController().signal,
  more: { bodyIdleTimeoutMs?: number } = {},
) {
  const request = { url: `${origin}${path}`, method: 'GET', headers: {}, body: null, signal } as const;
  return egress.send({ ...OPTIONS, ...more }, request);
}

describe('an answer whose body is not read yet', () => {
  it('is read as it came, in one piece or in many', async () => {
    answers.set('/one', response => response.end('all of it'));
    expect(await (await send('/one')).body.text()).toBe('all of it');
    answers.set('/many', async response => {
      for (const part of ['a', 'b', 'c']) {
        response.write(part);
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await (await send('/many')).body.text()).toBe('abc');
  });

  it('stops a server that sends more than is read, and goes on when it is read', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    answers.set('/flood', response => {
      const more = () => {
        while (sent < 400) {
          sent++;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { body } = await send('/flood');
    let before = -1;
    // Until a fifth of a second passes in which nothing moves.
    while (before !== sent) {
      before = sent;
      await sleep(200);
    }
    expect(sent).toBeLessThan(400);
    let bytes = 0;
    for await (const part of body) bytes += part.length;
    expect(bytes).toBe(400 * chunk.length);
  });

  it('fails with the reason of a signal that aborts, though it has all arrived', async () => {
    const controller = new AbortController();
    const { body } = await send('/one', controller.signal);
    await new Promise(setImmediate);
    controller.abort(new Error('nobody wants it'));
    await expect(body.text()).rejects.toThrow('nobody wants it');
  });

  it('fails with that reason while it waits, and its connection is gone', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    answers.set('/never-ends', response => void response.on('close', resolve).write('some'));
    const controller = new AbortController();
    const { body } = await send('/never-ends', controller.signal);
    const reading = body.text();
    controller.abort(new Error('too late'));
    await expect(reading).rejects.toThrow('too late');
    await closed;
  });

  it('gives what came before the connection broke, and then says so', async () => {
    answers.set('/breaks', response => {
      response.write('first');
      setImmediate(() => response.destroy());
    });
    const parts: string[] = [];
    const { body } = await send('/breaks');
    const reading = (async () => {
      for await (const part of body) parts.push(String(part));
    })();
    await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(parts).toEqual(['first']);
  });

  it('ends when nobody moves on, decoded or not', async () => {
    answers.set('/idle', response => void response.write('x'));
    answers.set('/idle-gzip', response => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(gzipSync('x'.repeat(1_000)).subarray(0, 15));
    });
    for (const path of ['/idle', '/idle-gzip']) {
      const { body } = await send(path, undefined, { bodyIdleTimeoutMs: 50 });
      await expect(body.text(), path).rejects.toMatchObject({ code: 'TIMED_OUT' });
    }
  });

  it('leaves its connection to the next when it has ended, and ends it when it is cancelled', async () => {
    for (let n = 0; n < 5; n++) {
      await (await send('/one')).body.text();
      await new Promise(setImmediate);
    }
    const before = connections;
    await (await send('/one')).body.text();
    expect(connections).toBe(before);
    const closed = vi.fn();
    answers.set('/cancelled', response => void response.on('close', closed).write('x'));
    (await send('/cancelled')).body.cancel();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });

  it('leaves its connection to the next when it ends soon after whoever read it had enough', async () => {
    answers.set('/ends-soon', response => {
      response.write('enough');
      setTimeout(() => response.end('the rest'), 20);
    });
    const before = connections;
    for (let n = 0; n < 5; n++) {
      for await (const part of (await send('/ends-soon')).body) {
        expect(String(part)).toBe('enough');
        break;
      }
      await sleep(60);
    }
    expect(connections - before).toBeLessThan(2);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['does not end', () => {}],
    ['goes on', response => void response.write(Buffer.alloc(8 * 1024 * 1024))],
  ])('loses its connection when it %s after that', async (_, goOn) => {
    const closed = vi.fn();
    answers.set('/enough', response => {
      response.on('close', closed).write('enough');
      goOn(response);
    });
    for await (const _part of (await send('/enough')).body) break;
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { asks, closeAll, door, serve } from './doors.ts';

afterEach(closeAll);

/** A server that tells the number of the connection that a request came on. */
async function counting() {
  const connections: unknown[] = [];
  const open = new Set<unknown>();
  const peer = await serve((request, response) => {
    const { socket } = request;
    if (!connections.includes(socket)) {
      connections.push(socket);
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    }
    response.end(String(connections.indexOf(socket)));
  });
  return { peer, connections, open };
}

const text = async (response: Promise<Response>) => (await response).text();

describe('pools', () => {
  it('share connections within an account and never between accounts', async () => {
    const { peer, connections } = await counting();
    const egress = await door();
    const one = egress.fetchFor(asks({ accountId: '111111111111' }));
    const sameAccount = egress.fetchFor(asks({ accountId: '111111111111', redirects: 'none' }));
    const other = egress.fetchFor(asks({ accountId: '222222222222' }));
    expect(await text(one(peer.url))).toBe('0');
    expect(await text(other(peer.url))).toBe('1');
    expect(await text(sameAccount(peer.url))).toBe('0');
    expect(await text(other(peer.url))).toBe('1');
    expect(connections).toHaveLength(2);
  });

  it('differ by name although the address is the same', async () => {
    const { peer } = await counting();
    const send = (await door()).fetchFor(asks());
    expect(await text(send(peer.url))).toBe('0');
    expect(await text(send(`https://localhost:${peer.port}/`))).toBe('1');
  });

  it('live five minutes by the wall clock; then the name is resolved anew', async () => {
    const { peer, open } = await counting();
    let time = 1_000_000;
    let lookups = 0;
    const lookup = async () => {
      lookups++;
      return [{ address: '127.0.0.1', family: 4 as const }];
    };
    const send = (await door({ now: () => time, lookup })).fetchFor(asks());
    const url = `https://localhost:${peer.port}/`;
    expect(await text(send(url))).toBe('0');
    time += 299_999;
    expect(await text(send(url))).toBe('0');
    time += 1;
    expect(await text(send(url))).toBe('1');
    expect(lookups).toBe(2);
    await expect.poll(() => open.size).toBe(1);
  });

  it('are bounded in number: the one that rested longest goes', async () => {
    const { peer, open } = await counting();
    const egress = await door({ limits: { pools: 2 } });
    const as = (accountId: string) => text(egress.fetchFor(asks({ accountId }))(peer.url));
    expect([await as('a'), await as('b'), await as('a'), await as('c')]).toEqual(['0', '1', '0', '2']);
    await expect.poll(() => open.size).toBe(2);
    expect([await as('a'), await as('b')]).toEqual(['0', '3']);
  });

  it('let a response end after they were retired', async () => {
    let finish = () => {};
    const peer = await serve((_request, response) => {
      response.write('first ');
      finish = () => response.end('last');
    });
    let time = 0;
    const send = (await door({ now: () => time })).fetchFor(asks());
    const slow = await send(peer.url);
    const end = finish;
    time = 400_000;
    const later = await send(peer.url);
    end();
    expect(await slow.text()).toBe('first last');
    await later.body?.cancel();
  });

  it('bound the connections of one account to one server', async () => {
    const waiting: (() => void)[] = [];
    const { peer, connections } = await (async () => {
      const sockets = new Set<unknown>();
      const server = await serve((request, response) => {
        sockets.add(request.socket);
        waiting.push(() => response.end());
      });
      return { peer: server, connections: sockets };
    })();
    const send = (await door({ limits: { connectionsPerPool: 2 } })).fetchFor(asks());
    const sent = Promise.all([1, 2, 3, 4].map(() => text(send(peer.url))));
    for (let answered = 0; answered < 4; answered++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    }
    await sent;
    expect(connections.size).toBe(2);
  });
});

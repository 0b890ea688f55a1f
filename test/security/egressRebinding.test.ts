import { afterEach, describe, expect, it } from 'vitest';
import { asks, closeAll, door, egressFailure, type Lookup, serve } from '../unit/egress/doors.ts';

afterEach(closeAll);

/** 127.0.0.1 stands for the public address, 127.0.0.2 for one inside. */
const publicLoopback = ['127.0.0.1/32'];
const good = { address: '127.0.0.1', family: 4 } as const;
const bad = { address: '127.0.0.2', family: 4 } as const;

/** Answers one list after the other, the last one for ever. */
function answering(...answers: Awaited<ReturnType<Lookup>>[]) {
  let asked = 0;
  const lookup: Lookup = async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
  return { lookup, asked: () => asked };
}

const hello = () => serve((_request, response) => response.end('public'));

describe('DNS rebinding', () => {
  it('cannot come between judging and connecting: one look-up, and its address is connected to', async () => {
    const peer = await hello();
    const dns = answering([good], [bad]);
    const send = (await door({ allowedPrivateCidrs: publicLoopback, lookup: dns.lookup })).fetchFor(asks());
    expect(await (await send(`https://localhost:${peer.port}/`)).text()).toBe('public');
    expect(dns.asked()).toBe(1);
  });

  it('is refused on the next connection', async () => {
    const peer = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end());
    const dns = answering([good], [bad]);
    const send = (await door({ allowedPrivateCidrs: publicLoopback, lookup: dns.lookup })).fetchFor(asks());
    const url = `https://localhost:${peer.port}/`;
    expect((await send(url)).status).toBe(200);
    expect(await egressFailure(send(url))).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(peer.requests).toHaveLength(1);
  });

  it.each([
    ['first', [bad, good]],
    ['last', [good, bad]],
    ['between', [good, bad, good]],
    ['of the other family', [good, { address: '::1', family: 6 as const }]],
    ['mislabelled', [good, { address: '::1', family: 4 as const }]],
  ])('a mixed answer is refused whole: the bad one %s', async (_place, answer) => {
    const peer = await hello();
    const { lookup } = answering(answer);
    const send = (await door({ allowedPrivateCidrs: publicLoopback, lookup })).fetchFor(asks());
    const failure = await egressFailure(send(`https://localhost:${peer.port}/`));
    expect(failure).toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(peer.requests).toEqual([]);
  });

  it('the peer is judged again: 0.0.0.0 leads to 127.0.0.1', async () => {
    const peer = await hello();
    const { lookup } = answering([{ address: '0.0.0.0', family: 4 }]);
    const both = await door({ allowedPrivateCidrs: ['0.0.0.0/32', '127.0.0.1/32'], lookup });
    expect((await both.fetchFor(asks())(`https://localhost:${peer.port}/`)).status).toBe(200);
    const one = await door({ allowedPrivateCidrs: ['0.0.0.0/32'], lookup });
    const failure = await egressFailure(one.fetchFor(asks())(`https://localhost:${peer.port}/`));
    expect(failure).toMatchObject({ code: 'ADDRESS_REFUSED', phase: 'resolve' });
    expect(peer.requests).toHaveLength(1);
  });

  it('plain HTTP is refused when any address is outside the opened ranges', async () => {
    const { lookup } = answering([good, { address: '8.8.8.8', family: 4 }]);
    const egress = await door({ allowedPrivateCidrs: publicLoopback, allowInsecureHttp: true, lookup });
    const failure = await egressFailure(egress.fetchFor(asks())('http://localhost:9/'));
    expect(failure).toMatchObject({ code: 'INSECURE_HTTP_REFUSED' });
  });
});

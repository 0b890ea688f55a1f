import { afterEach, describe, expect, it } from 'vitest';
import { headersForHop } from '../../lib/egress/redirects.ts';
import { asks, closeAll, door, egressFailure, serve } from '../unit/egress/doors.ts';

afterEach(closeAll);

const secretQuery = 'code=canary-query';

/** Redirects from /mcp to `location`; everything else answers with what arrived. */
const redirecting = (status: number, location: string | undefined) =>
  serve(async (request, response) => {
    if (request.url === '/mcp') {
      response.writeHead(status, location === undefined ? {} : { location }).end('canary-body');
      return;
    }
    const body = Buffer.concat(await request.toArray()).toString();
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
    );
  });

describe('redirects within one origin', () => {
  it.each([307, 308])('%i keeps method, body and credentials', async status => {
    const { url } = await redirecting(status, '/moved?a=b#part');
    const send = (await door()).fetchFor(asks({ credentialHeaders: ['x-api-key'] }));
    const headers = { authorization: 'Bearer canary', 'x-api-key': 'canary' };
    const response = await send(url, { method: 'POST', body: 'again', headers });
    expect(response.url).toBe(new URL('/moved?a=b', url).href);
    expect(await response.json()).toMatchObject({
      method: 'POST',
      url: '/moved?a=b',
      body: 'again',
      headers,
    });
  });

  it.each([301, 302, 303])('%i is refused', async status => {
    const peer = await redirecting(status, '/moved');
    const failure = await egressFailure((await door()).fetchFor(asks())(peer.url));
    expect(failure).toMatchObject({ code: 'REDIRECT_REFUSED', phase: 'response' });
    expect(failure.message).toContain(String(status));
    expect(peer.requests).toHaveLength(1);
  });

  it('are followed three times and no more', async () => {
    const chain = (length: number) =>
      serve((request, response) => {
        const step = Number(request.url?.slice(1));
        if (step >= length) response.end('there');
        else response.writeHead(307, { location: `/${step + 1}` }).end();
      });
    const send = (await door()).fetchFor(asks());
    const three = await chain(3);
    expect(await (await send(new URL('/0', three.url))).text()).toBe('there');
    const four = await chain(4);
    const failure = await egressFailure(send(new URL('/0', four.url)));
    expect(failure).toMatchObject({ code: 'TOO_MANY_REDIRECTS', phase: 'response' });
    expect(four.requests).toHaveLength(4);
  });

  it('are refused altogether under `none` and `redirect: "error"`, and follow the same rules under "manual"', async () => {
    const peer = await redirecting(307, '/moved');
    const egress = await door();
    const none = egress.fetchFor(asks({ redirects: 'none' }));
    expect(await egressFailure(none(peer.url))).toMatchObject({ code: 'REDIRECT_REFUSED' });
    const same = egress.fetchFor(asks());
    expect(await egressFailure(same(peer.url, { redirect: 'error' }))).toMatchObject({
      code: 'REDIRECT_REFUSED',
    });
    expect(peer.requests).toHaveLength(2);
    expect((await same(peer.url, { redirect: 'manual' })).status).toBe(200);
    expect(await egressFailure(none(peer.url, { redirect: 'manual' }))).toMatchObject({
      code: 'REDIRECT_REFUSED',
    });
  });
});

describe('redirects elsewhere are refused and never fetched', () => {
  it.each([
    ['to a private address', 'https://10.0.0.1/x', 'https://10.0.0.1'],
    ['to metadata', 'http://169.254.169.254/latest/meta-data', 'http://169.254.169.254'],
    ['to another host', 'https://evil.example/x', 'https://evil.example'],
    ['to another host, without a scheme', '//evil.example/x', 'https://evil.example'],
    ['with a backslash', '/\\evil.example/x', 'https://evil.example'],
    ['with credentials', 'https://u:canary-user@evil.example/x', 'https://evil.example'],
    ['to a file', 'file:///etc/passwd', 'no web address'],
    ['to a script', 'javascript:alert(1)', 'no web address'],
    ['to data', 'data:text/plain,canary', 'no web address'],
    ['nowhere', undefined, 'leads nowhere'],
    ['to no URL', 'https://[', 'leads nowhere'],
  ])('%s', async (_kind, location, named) => {
    const target =
      location?.includes('evil') || location?.includes('10.0') ? `${location}?${secretQuery}` : location;
    const peer = await redirecting(307, target);
    for (const redirects of ['same-origin', 'none'] as const) {
      const failure = await egressFailure((await door()).fetchFor(asks({ redirects }))(peer.url));
      expect(failure).toMatchObject({ code: 'REDIRECT_REFUSED', phase: 'response' });
      expect(failure.message).toContain(named);
      expect(failure.message).not.toContain('canary');
      expect(failure.message).not.toContain('/x');
    }
    expect(peer.requests).toHaveLength(2);
  });

  it('to another port, to another name of the same server, and down to http', async () => {
    const target = await serve((_request, response) => response.end('must not be reached'));
    const send = (await door()).fetchFor(asks());
    for (const location of [`https://127.0.0.1:${target.port}/`, `https://localhost:${target.port}/`]) {
      const peer = await redirecting(308, location);
      expect(await egressFailure(send(peer.url))).toMatchObject({ code: 'REDIRECT_REFUSED' });
    }
    const insecure = (await door({ allowInsecureHttp: true })).fetchFor(asks());
    const peer = await serve((request, response) => {
      response.writeHead(307, { location: `http://${request.headers.host}/` }).end();
    });
    const failure = await egressFailure(insecure(peer.url));
    expect(failure).toMatchObject({ code: 'REDIRECT_REFUSED' });
    expect(failure.message).toContain(`http://127.0.0.1:${peer.port}`);
    expect(target.requests).toEqual([]);
  });

  it('to a URL that would be refused as an endpoint', async () => {
    const peer = await redirecting(307, `/${'x'.repeat(2048)}`);
    const failure = await egressFailure((await door()).fetchFor(asks())(peer.url));
    expect(failure).toMatchObject({ code: 'URL_INVALID' });
    expect(peer.requests).toHaveLength(1);
  });

  it('with a user name on the same origin', async () => {
    const peer = await serve((request, response) => {
      response.writeHead(307, { location: `https://canary@${request.headers.host}/` }).end();
    });
    const failure = await egressFailure((await door()).fetchFor(asks())(peer.url));
    expect(failure).toMatchObject({ code: 'REDIRECT_REFUSED' });
    expect(failure.message).not.toContain('canary');
  });
});

describe('headersForHop', () => {
  const given = { authorization: 'a', cookie: 'b', 'x-api-key': 'c', 'x-plain': 'd' };
  const from = new URL('https://one.example/');

  it('keeps everything within the origin', () => {
    const to = new URL('https://one.example:443/other');
    expect(headersForHop(given, from, to, ['x-api-key'])).toEqual(given);
  });

  it.each(['https://two.example/', 'https://one.example:444/', 'http://one.example/'])(
    'drops credentials towards %s',
    to => {
      const headers = headersForHop(given, from, new URL(to), ['x-api-key']);
      expect(headers).toEqual({ 'x-plain': 'd' });
      expect(given.authorization).toBe('a');
    },
  );
});

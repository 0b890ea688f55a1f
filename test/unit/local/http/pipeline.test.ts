import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../../../lib/api/errors.ts';
import type { BrowserRouteName } from '../../../../lib/oauth/browserRoutes.ts';
import { answer, type IncomingCall, type LocalHandler } from '../../../../local/http/pipeline.ts';
import { handlersOf } from './echoServer.ts';
import { ADMIN, signedHeaders } from './signedRequest.ts';

const HOST = '127.0.0.1:4100';

afterEach(() => void vi.useRealTimers());

/** Sends a signed call to handlers that are all the same one. */
async function ask(target: string, handler: LocalHandler) {
  const call: IncomingCall = {
    method: 'GET',
    target,
    headers: Object.entries(await signedHeaders(HOST, { path: target })),
    sourceIp: '192.0.2.7',
    scheme: 'http',
    requestId: 'r',
    at: Date.now(),
    readBody: async () => Buffer.alloc(0),
  };
  const browserHandlers: Record<BrowserRouteName, LocalHandler> = {
    clientMetadata: handler,
    oauthCallback: handler,
    oauthConsent: handler,
  };
  return answer(call, new Set([HOST]), {
    region: 'us-east-1',
    accountId: ADMIN.accountId,
    accessKeys: { find: () => ADMIN },
    api: { handlers: handlersOf(handler), browserHandlers, onDenied: () => {} },
    onUnverified: () => {},
    onError: () => {},
    now: Date.now,
  });
}

describe.each(['/v1/services/x', '/v1/register/mcpserver/consent'])('a handler of %s', target => {
  it('that never answers is waited for as long as API Gateway waits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const called = Promise.withResolvers<void>();
    const outcome = ask(target, () => {
      called.resolve();
      return new Promise(() => {});
    }).catch((error: unknown) => error);
    await called.promise;
    await vi.advanceTimersByTimeAsync(28_999);
    expect(await Promise.race([outcome, 'waiting'])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    const error = await outcome;
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).failure.code).toBe('ServiceUnavailableException');
  });

  it('that answers leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    expect(await ask(target, async () => ({ statusCode: 200, body: '{}' }))).toMatchObject({
      statusCode: 200,
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

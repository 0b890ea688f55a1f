import { beforeEach, describe, expect, it } from 'vitest';
import { credentialsOf } from '../../client/src/credentials.ts';
import { createSwitchboardClient } from '../../client/src/index.ts';

const KEY = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
const MINUTE = 60_000;

describe('a provider of credentials', () => {
  let now = 0;
  let asked = 0;
  const lasting = (minutes?: number) => async () => {
    asked++;
    return { ...KEY, ...(minutes !== undefined && { expiration: new Date(now + minutes * MINUTE) }) };
  };

  beforeEach(() => {
    now = Date.parse('2026-01-01T00:00:00Z');
    asked = 0;
  });

  it('is asked again when five minutes are left', async () => {
    const current = credentialsOf(lasting(60), () => now);
    await current();
    now += 54 * MINUTE;
    await current();
    expect(asked).toBe(1);
    now += MINUTE;
    await current();
    expect(asked).toBe(2);
  });

  it('is asked once for all who wait', async () => {
    const current = credentialsOf(lasting(), () => now);
    await Promise.all([current(), current(), current()]);
    expect(asked).toBe(1);
  });

  it('is asked each time when it does not say how long', async () => {
    const current = credentialsOf(lasting(), () => now);
    await current();
    await current();
    expect(asked).toBe(2);
  });

  it('may fail once', async () => {
    const good = lasting(60);
    let failed = false;
    const current = credentialsOf(
      async () => {
        if (failed) return good();
        failed = true;
        throw new Error('signed out');
      },
      () => now,
    );
    await expect(current()).rejects.toThrow('signed out');
    expect(await current()).toMatchObject(KEY);
  });
});

describe('what is sent', () => {
  const sentWith = async (options: object) => {
    let sent: RequestInit | undefined;
    const client = createSwitchboardClient({
      baseUrl: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod',
      region: 'eu-west-1',
      credentials: KEY,
      fetch: async (_, init) => {
        sent = init;
        return new Response('{"services":[]}');
      },
      ...options,
    });
    await client.listServices();
    return { init: sent, headers: new Headers(sent?.headers) };
  };

  it('is signed for API Gateway in the region, with the session token', async () => {
    const { headers } = await sentWith({ credentials: async () => ({ ...KEY, sessionToken: 'session' }) });
    expect(headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, /,
    );
    expect(headers.get('x-amz-security-token')).toBe('session');
  });

  it('carries no cookies and follows nowhere', async () => {
    const { init } = await sentWith({});
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error' });
  });

  it('says who calls only when told to', async () => {
    expect((await sentWith({})).headers.has('user-agent')).toBe(false);
    expect((await sentWith({ userAgent: 'console/1' })).headers.get('user-agent')).toBe('console/1');
  });
});

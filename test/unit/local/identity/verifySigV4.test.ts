import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../lib/api/errors.ts';
import type { RawRequest } from '../../../../local/http/rawRequest.ts';
import { verifySigV4 } from '../../../../local/identity/verifySigV4.ts';
import { ADMIN, signedHeaders, type ToSign, wireQuery } from '../http/signedRequest.ts';

const HOST = '127.0.0.1:4100';
const NOW = Date.parse('2026-11-23T20:30:00Z');
const verifier = {
  region: 'us-east-1',
  now: () => NOW,
  findKey: (id: string) => (id === ADMIN.accessKeyId ? ADMIN : undefined),
};

async function signed(toSign: ToSign): Promise<RawRequest> {
  const headers = await signedHeaders(HOST, { at: new Date(NOW), ...toSign });
  return {
    method: toSign.method ?? 'GET',
    rawPath: toSign.path ?? '/',
    rawQuery: wireQuery(toSign.query).slice(1),
    headers: Object.entries(headers),
    body: Buffer.from(toSign.body ?? ''),
  };
}

async function verdict(request: RawRequest): Promise<string> {
  try {
    return (await verifySigV4(request, verifier)).accessKeyId;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.failure.code}: ${error.message}`;
  }
}

function withHeader(request: RawRequest, name: string, value: string): RawRequest {
  const others = request.headers.filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: [...others, [name, value]] };
}

function without(request: RawRequest, name: string): RawRequest {
  return { ...request, headers: request.headers.filter(([key]) => key.toLowerCase() !== name) };
}

const arnPath = '/tags/arn%3Aaws%3Aaidevops%3Aus-east-1%3A000000000000%3Aservice%2Fabc';
const post: ToSign = {
  method: 'POST',
  path: '/v1/agentspaces',
  headers: { 'content-type': 'application/json' },
  body: '{"name":"x"}',
};

describe('what is accepted', () => {
  it.each<[string, ToSign]>([
    ['a GET', { path: '/v1/services/abc' }],
    ['a POST with a body', post],
    ['a body without x-amz-content-sha256', { ...post, applyChecksum: false }],
    ['the path encoded once more', { path: arnPath }],
    ['the path as sent', { path: arnPath, uriEscapePath: false }],
    ['a bare ARN', { path: '/tags/arn:aws:aidevops:us-east-1:0:service/x' }],
    ['a bare ARN as sent', { path: '/tags/arn:aws:aidevops:us-east-1:0:service/x', uriEscapePath: false }],
    ['a query', { path: '/v1/services/list', query: { nextToken: 'a+b/=é ~*', maxResults: '3' } }],
    ['a repeated query name', { method: 'DELETE', path: arnPath, query: { tagKeys: ['b b', 'a', 'é&x=y'] } }],
    [
      'service cloudtrail',
      { service: 'cloudtrail', method: 'POST', headers: { 'x-amz-target': 'a.b' }, body: '{}' },
    ],
    ['service execute-api', { service: 'execute-api' }],
    ['spaces inside header values', { headers: { 'x-amz-meta': '  a   b  ' } }],
    ['4:59 minutes of skew', { at: new Date(NOW - 299_000) }],
    ['4:59 minutes of skew ahead', { at: new Date(NOW + 299_000) }],
  ])('%s', async (_, toSign) => {
    expect(await verdict(await signed(toSign))).toBe(ADMIN.accessKeyId);
  });

  it('the example of the SigV4 documentation, signed step by step with a Date header', async () => {
    const date = 'Mon, 23 Nov 2026 20:29:00 GMT';
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const canonical = `GET\n/v1/services/abc\n\ndate:${date}\nhost:${HOST}\n\ndate;host\n${hash('')}`;
    const scope = '20261123/us-east-1/aidevops/aws4_request';
    const text = `AWS4-HMAC-SHA256\n20261123T202900Z\n${scope}\n${hash(canonical)}`;
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${ADMIN.secretAccessKey}`);
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${ADMIN.accessKeyId}/${scope}, SignedHeaders=date;host, ` +
      `Signature=${hmac(key, text).toString('hex')}`;
    const request = {
      method: 'GET',
      rawPath: '/v1/services/abc',
      rawQuery: '',
      headers: Object.entries({ Host: HOST, Date: date, Authorization: authorization }),
      body: Buffer.alloc(0),
    };
    expect(await verdict(request)).toBe(ADMIN.accessKeyId);
    expect(await verdict(withHeader(request, 'Date', 'Mon, 23 Nov 2026 20:29:01 GMT'))).toMatch(
      /^InvalidSignatureException/,
    );
  });
});

describe('what is refused', () => {
  const mismatch = /^InvalidSignatureException: The request signature we calculated does not match/;
  const tampered: [string, (request: RawRequest) => RawRequest][] = [
    ['method', request => ({ ...request, method: 'PUT' })],
    ['path', request => ({ ...request, rawPath: '/v1/agentspacez' })],
    ['path, encoded differently', request => ({ ...request, rawPath: '/v1/%61gentspaces' })],
    ['path, with dots', request => ({ ...request, rawPath: '/v1/x/../agentspaces' })],
    ['query', request => ({ ...request, rawQuery: 'a=1' })],
    ['signed header', request => withHeader(request, 'content-type', 'text/plain')],
    ['host', request => withHeader(request, 'host', 'evil.example')],
    [
      'repeated signed header',
      request => ({ ...request, headers: [...request.headers, ['content-type', 'x']] }),
    ],
    ['time', request => withHeader(request, 'x-amz-date', '20261123T203001Z')],
  ];
  it.each(tampered)('another %s', async (_, tamper) => {
    const request = await signed(post);
    expect(await verdict(request)).toBe(ADMIN.accessKeyId);
    expect(await verdict(tamper(request))).toMatch(mismatch);
  });

  it('another body, with and without a hash in the header', async () => {
    const body = Buffer.from('{"name":"y"}');
    const bare = await signed({ ...post, applyChecksum: false });
    expect(await verdict({ ...bare, body })).toMatch(mismatch);
    expect(await verdict({ ...(await signed(post)), body })).toMatch(
      /^InvalidSignatureException: The provided 'x-amz-content-sha256' header does not match/,
    );
  });

  it('an unsigned body', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect(await verdict(await signed({ ...post, headers }))).toMatch(
      /^InvalidSignatureException: The body must be signed/,
    );
  });

  it('every single changed digit of the signature', async () => {
    const request = await signed(post);
    const [, header = ''] = request.headers.find(([name]) => name === 'authorization') ?? [];
    await fc.assert(
      fc.asyncProperty(fc.nat(63), fc.integer({ min: 1, max: 15 }), async (at, by) => {
        const start = header.length - 64 + at;
        const digit = ((Number.parseInt(header.charAt(start), 16) + by) % 16).toString(16);
        const forged = header.slice(0, start) + digit + header.slice(start + 1);
        expect(await verdict(withHeader(request, 'authorization', forged))).toMatch(mismatch);
      }),
      { numRuns: 50 },
    );
  });

  it('the secret of another key', async () => {
    const key = { ...ADMIN, secretAccessKey: `${ADMIN.secretAccessKey.slice(0, -1)}2` };
    expect(await verdict(await signed({ ...post, key }))).toMatch(mismatch);
  });

  it('an unknown key, even one signed with the stand-in secret', async () => {
    const secretAccessKey = 'an access key that does not exist has no secret';
    for (const accessKeyId of ['nobody', 'SWBKUNKNOWN']) {
      expect(await verdict(await signed({ ...post, key: { accessKeyId, secretAccessKey } }))).toBe(
        'UnrecognizedClientException: The security token included in the request is invalid.',
      );
    }
  });

  it.each<[string, ToSign, RegExp]>([
    ['a foreign service', { service: 's3' }, /^InvalidSignatureException: .*correct service/],
    ['a foreign region', { region: 'eu-west-1' }, /^InvalidSignatureException: .*region is 'us-east-1'/],
    [
      'an old request',
      { at: new Date(NOW - 301_000) },
      /^InvalidSignatureException: Signature expired: 20261123T202459Z is now earlier than 20261123T202500Z \(20261123T203000Z - 5 min\.\)$/,
    ],
    [
      'a request of the future',
      { at: new Date(NOW + 301_000) },
      /^InvalidSignatureException: Signature not yet current: 20261123T203501Z is still later than 20261123T203500Z/,
    ],
    [
      'a session token',
      { key: { ...ADMIN, sessionToken: 'token' } },
      /^UnrecognizedClientException: .*unset AWS_SESSION_TOKEN/,
    ],
    ['a presigned query', { query: { 'X-Amz-Signature': 'ab' } }, /^IncompleteSignatureException: Presigned/],
  ])('%s', async (_, toSign, message) => {
    expect(await verdict(await signed(toSign))).toMatch(message);
  });

  it('x-amz-* headers that are not signed, and signed headers that are not there', async () => {
    const request = await signed({ ...post, headers: { 'content-type': 'application/json' } });
    expect(await verdict(withHeader(request, 'X-Amz-Target', 'a.b'))).toBe(
      'InvalidSignatureException: These headers must be signed: x-amz-target.',
    );
    expect(await verdict(without(request, 'content-type'))).toBe(
      'InvalidSignatureException: Signed headers are missing from the request: content-type.',
    );
    const header = (await signed({})).headers.find(([name]) => name === 'authorization')?.[1] ?? '';
    const hostless = header.replace('SignedHeaders=host;', 'SignedHeaders=');
    expect(await verdict(withHeader(await signed({}), 'authorization', hostless))).toMatch(
      /^InvalidSignatureException: These headers must be signed: host\.$/,
    );
  });

  it('no Authorization header', async () => {
    expect(await verdict(without(await signed({}), 'authorization'))).toBe(
      'MissingAuthenticationTokenException: Missing Authentication Token',
    );
  });

  it('no date, a broken date, a scope of another day', async () => {
    const request = await signed({});
    expect(await verdict(without(request, 'x-amz-date'))).toMatch(
      /^IncompleteSignatureException.*'X-Amz-Date'/,
    );
    for (const date of ['yesterday', '20261323T203000Z', '20260230T203000Z', '2026-11-23T20:30:00Z']) {
      expect(await verdict(withHeader(request, 'x-amz-date', date))).toMatch(
        /^IncompleteSignatureException: Date/,
      );
    }
    const [, header = ''] = request.headers.find(([name]) => name === 'authorization') ?? [];
    const moved = withHeader(request, 'authorization', header.replace('/20261123/', '/20261122/'));
    expect(await verdict(moved)).toMatch(/^InvalidSignatureException: Date in Credential scope/);
  });

  it('headers repeated that may not be', async () => {
    const request = await signed(post);
    for (const name of ['authorization', 'x-amz-date', 'x-amz-content-sha256']) {
      const [, value = ''] = request.headers.find(([key]) => key === name) ?? [];
      const twice = { ...request, headers: [...request.headers, [name.toUpperCase(), value] as const] };
      expect(await verdict(twice)).toMatch(/^IncompleteSignatureException: .*only once/);
    }
  });

  const scope = 'SWBKX/20261123/us-east-1/aidevops/aws4_request';
  const signature = 'a'.repeat(64);
  it.each([
    'Bearer hunter2-secret',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=hunter2-secret',
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host`,
    `AWS4-HMAC-SHA256 Credential=${scope}/hunter2-secret, SignedHeaders=host, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;Date, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=x-amz-date;host, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;host, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=hunter2-secret`,
    `AWS4-HMAC-SHA256 Credential=${scope}, Credential=${scope}, SignedHeaders=host, Signature=${signature}`,
    `AWS4-HMAC-SHA256 Credential=${scope.replace('aws4_request', 'aws5')}, SignedHeaders=host, Signature=${signature}`,
    `AWS4-ECDSA-P256-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${signature}`,
  ])('%s, without repeating it', async header => {
    const answer = await verdict(withHeader(await signed({}), 'authorization', header));
    expect(answer).toMatch(/^IncompleteSignatureException: /);
    expect(answer).not.toContain('hunter2-secret');
  });

  it('any header text whatever, with a failure of the four kinds', async () => {
    const base = await signed({});
    const kinds =
      /^(MissingAuthenticationToken|IncompleteSignature|InvalidSignature|UnrecognizedClient)Exception: /;
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (credential, rest) => {
        const header = `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${rest},Signature=${signature}`;
        expect(await verdict(withHeader(base, 'authorization', header))).toMatch(kinds);
        expect(await verdict(withHeader(base, 'authorization', rest))).toMatch(kinds);
      }),
    );
  });
});

it('covers a query parameter whatever its name', async () => {
  const request = await signed({});
  for (const rawQuery of ['__proto__=1', 'constructor=1', '=', 'a']) {
    expect(await verdict({ ...request, rawQuery })).toMatch(/^InvalidSignatureException/);
  }
});

import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../lib/api/errors.ts';
import {
  credentialFromConfig,
  credentialHeaders,
  parseCredential,
  type StaticCredential,
  serializeCredential,
} from '../../../lib/credentials/credential.ts';

const PATH = '/serviceDetails/mcpserver/authorizationConfig';
const apiKey = { apiKeyName: 'key', apiKeyHeader: 'X-Api-Key', apiKeyValue: 'k-123' };
const bearerToken = { tokenName: 'token', tokenValue: 't-123' };

function fieldsOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError && error.failure.code === 'ValidationException')
      return error.failure.fieldList;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('credentialFromConfig and credentialHeaders', () => {
  it.each([
    [{ apiKey }, { 'x-api-key': 'k-123' }],
    [{ apiKey: { ...apiKey, apiKeyPrefix: 'Token' } }, { 'x-api-key': 'Token k-123' }],
    [{ apiKey: { ...apiKey, apiKeyHeader: 'Authorization' } }, { authorization: 'k-123' }],
    [{ bearerToken }, { authorization: 'Bearer t-123' }],
    [{ bearerToken: { ...bearerToken, authorizationHeader: 'X-Auth' } }, { 'x-auth': 'Bearer t-123' }],
  ])('%j sends %j', (config, headers) => {
    expect(credentialHeaders(credentialFromConfig(config))).toEqual(headers);
  });

  it('keeps a header named __proto__ an ordinary header', () => {
    const headers = credentialHeaders({ kind: 'api-key', header: '__proto__', value: 'k' });
    expect(Object.entries(headers)).toEqual([['__proto__', 'k']]);
  });

  it('refuses an empty configuration', () => {
    expect(fieldsOf(() => credentialFromConfig({}))[0]?.path).toBe(PATH);
  });

  it.each(['tökén', 'a\u0000b', 'a\u007fb', '日本'])(
    'refuses the bearer token %j without repeating it',
    tokenValue => {
      const fields = fieldsOf(() => credentialFromConfig({ bearerToken: { ...bearerToken, tokenValue } }));
      expect(fields[0]?.path).toBe(`${PATH}/bearerToken/tokenValue`);
      expect(JSON.stringify(fields)).not.toContain(tokenValue);
    },
  );
});

describe('reserved headers', () => {
  const reserved = (
    'Host Content-Length Content-Type Content-Encoding Connection Transfer-Encoding TE Upgrade Accept ' +
    'Accept-Encoding Accept-Language Cookie Mcp-Session-Id MCP-Protocol-Version Last-Event-ID X-Switchboard-Hop ' +
    'Proxy-Authorization Sec-Fetch-Mode Expect Trailer Keep-Alive Origin Referer Forwarded X-Forwarded-For ' +
    'X-Real-IP Via User-Agent HTTP2-Settings Date'
  ).split(' ');

  it.each(reserved)('%s is refused in any case, with the field and a reason', header => {
    for (const spelled of [header, header.toLowerCase(), header.toUpperCase()]) {
      const [asKey] = fieldsOf(() => credentialFromConfig({ apiKey: { ...apiKey, apiKeyHeader: spelled } }));
      expect(asKey?.path).toBe(`${PATH}/apiKey/apiKeyHeader`);
      expect(asKey?.message).toMatch(/cannot carry a credential: \w+/);
      const config = { bearerToken: { ...bearerToken, authorizationHeader: spelled } };
      expect(fieldsOf(() => credentialFromConfig(config))[0]?.path).toBe(
        `${PATH}/bearerToken/authorizationHeader`,
      );
    }
  });

  it.each([
    'Authorization',
    'X-Api-Key',
    'Api_Key',
    'Secret',
    'Acceptance',
    'Content',
    'constructor',
    'X-Mcp-Key',
  ])('%s is free', header => {
    const credential = credentialFromConfig({ apiKey: { ...apiKey, apiKeyHeader: header } });
    expect(credentialHeaders(credential)).toEqual({ [header.toLowerCase()]: 'k-123' });
  });
});

describe('serializeCredential and parseCredential', () => {
  it.each<StaticCredential>([
    { kind: 'api-key', header: 'X-Api-Key', value: 'v "quoted" \\ é' },
    { kind: 'api-key', header: 'Authorization', value: 'v', prefix: 'Token' },
    { kind: 'bearer-token', header: 'Authorization', value: 'v' },
  ])('%j survives', credential => {
    expect(parseCredential(serializeCredential(credential))).toEqual(credential);
    expect(JSON.parse(serializeCredential(credential))).toEqual({ v: 1, ...credential });
  });

  it.each([
    '"canary-4711" is not JSON',
    '{"v":2,"kind":"api-key","header":"h","value":"canary-4711"}',
    '{"v":1,"kind":"canary-4711","header":"h","value":"canary-4711"}',
    '{"v":1,"kind":"api-key","header":"h","value":"x","canary-4711":1}',
    '{"kind":"api-key","header":"h","value":"canary-4711"}',
    'null',
  ])('refuses %s without repeating it', text => {
    let error: unknown;
    try {
      parseCredential(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('cause');
    expect(String((error as Error).stack)).not.toContain('canary-4711');
  });
});

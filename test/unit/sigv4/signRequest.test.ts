import { describe, expect, it } from 'vitest';
import { signRequest } from '../../../lib/sigv4/signRequest.ts';

const AT = new Date('2026-11-23T12:34:56Z');
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

interface Asked {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  body?: string;
  sessionToken?: string;
  customHeaders?: Record<string, string>;
}

function signed({
  method = 'POST',
  url = 'https://mcp.example.com/mcp',
  headers = {},
  body,
  ...more
}: Asked) {
  const { sessionToken, customHeaders = {} } = more;
  return signRequest(
    new URL(url),
    { method, url, headers: Object.fromEntries(new Headers(headers)), body },
    {
      region: 'us-east-1',
      service: 'bedrock-agentcore',
      customHeaders,
      credentials: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: SECRET,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      },
      at: AT,
    },
  );
}

const JSON_TYPE = { 'content-type': 'application/json' };

function partsOf(headers: Record<string, string>) {
  return {
    names: /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';'),
    signature: /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1],
  };
}

describe('the signature equals the one that botocore 1.43 makes', () => {
  const cases: [string, Asked, string][] = [
    [
      'of a plain request',
      { headers: JSON_TYPE, body: '{"jsonrpc":"2.0"}' },
      'e11c23055033b568a69476479b7b4f7839ae4dbd168c16fd7c34e12a92e1b4a4',
    ],
    [
      'of an encoded ARN in the path, a session token, MCP headers and text beyond ASCII',
      {
        url: 'https://bedrock-agentcore.us-east-1.amazonaws.com/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aus-east-1%3A123456789012%3Aruntime%2Fx-1/invocations?qualifier=DEFAULT',
        headers: { ...JSON_TYPE, 'MCP-Protocol-Version': '2025-11-25', 'Mcp-Session-Id': 's-1' },
        body: '{"a":"é"}',
        sessionToken: 'session//token==',
      },
      '9094ee42f688584ee773057e9c70f4504385302642847b91aedeb3e531113dd5',
    ],
    [
      'of a port, repeated and encoded query members, and a custom header with runs of spaces',
      {
        method: 'GET',
        url: 'https://mcp.example.com:8443/a%20b/(c)/?b=2&a=%2F&b=1&empty=&ab=x%20y',
        customHeaders: { 'x-tenant': 'blue   team' },
      },
      '2ae892a98015c1e477e218128e17edbd22ed882d3fbadac358bc457debebb95f',
    ],
    [
      'of empty path segments',
      { method: 'DELETE', url: 'https://mcp.example.com/~user//mcp/' },
      'ad90b4fa19a6e15017677b4239b9c7be6451b9cd4d21def1da5b2e34efa130a9',
    ],
  ];
  it.each(cases)('%s', async (_name, asked, signature) => {
    expect(partsOf(await signed(asked)).signature).toBe(signature);
  });
});

describe('what is signed', () => {
  it('is what the request means, not what the connection or a later hand sets', async () => {
    const headers = await signed({
      headers: {
        ...JSON_TYPE,
        accept: 'application/json',
        'user-agent': 'somebody',
        'accept-encoding': 'gzip',
        connection: 'keep-alive',
        'content-length': '2',
        'mcp-method': 'tools/list',
      },
      body: '{}',
      sessionToken: 'token',
      customHeaders: { 'x-tenant': 'blue' },
    });
    expect(partsOf(headers).names).toEqual([
      'content-type',
      'host',
      'mcp-method',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
      'x-tenant',
    ]);
  });

  it('adds only the headers of the signature and the custom ones', async () => {
    const headers = await signed({ headers: JSON_TYPE, body: '{}', customHeaders: { 'x-tenant': 'blue' } });
    expect(Object.keys(headers)).toEqual(['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-tenant']);
    expect(headers['x-amz-date']).toBe('20261123T123456Z');
  });

  it('leaves the default port out of host', async () => {
    const bare = await signed({ url: 'https://mcp.example.com/mcp' });
    const spelled = await signed({ url: 'https://mcp.example.com:443/mcp' });
    expect(spelled.authorization).toBe(bare.authorization);
  });

  it('takes a plus sign of the query for one', async () => {
    const plus = await signed({ url: 'https://mcp.example.com/mcp?q=a+b' });
    const encoded = await signed({ url: 'https://mcp.example.com/mcp?q=a%2Bb' });
    expect(plus.authorization).toBe(encoded.authorization);
  });

  it('is refused where the query is not percent-encoding', async () => {
    await expect(signed({ url: 'https://mcp.example.com/mcp?q=%zz' })).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('percent-encoding'),
    });
  });
});

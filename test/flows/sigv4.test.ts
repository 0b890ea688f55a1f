import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SigV4Credential } from '../../lib/credentials/credential.ts';
import type { Egress } from '../../lib/egress/types.ts';
import { connectServer } from '../../lib/mcp/connect.ts';
import { listTools } from '../../lib/mcp/listTools.ts';
import type { ValidationReport } from '../../lib/mcp/types.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { type AwsCredentials, keptCredentials } from '../../lib/sigv4/awsCredentials.ts';
import { sigv4Authorizer } from '../../lib/sigv4/sigv4Authorizer.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { startModern } from '../support/mcp/modern.ts';
import type { Peer } from '../support/mcp/tlsServer.ts';
import { type SignedServerOptions, startSigned } from '../support/sigv4/signedServer.ts';
import type { SigningKey } from '../support/sigv4/verifySigned.ts';
import { connectionTo, loopbackEgress } from './validationSupport.ts';

const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-secret-access-key' };
const TEMPORARY = { ...KEY, accessKeyId: 'ASIAEXAMPLE', sessionToken: 'canary-session/token+==' };
const CUSTOM = 'canary-custom-value';

const credential: SigV4Credential = {
  kind: 'sigv4',
  region: 'eu-west-1',
  service: 'bedrock-agentcore',
  customHeaders: { 'X-Tenant': CUSTOM },
};

let egress: Egress;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  egress = await loopbackEgress();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => egress.close());

async function signed(target: Promise<Peer>, more: Partial<SignedServerOptions> = {}) {
  const { accessKeyId, secretAccessKey, sessionToken } = TEMPORARY;
  const keys = new Map<string, SigningKey>([
    [KEY.accessKeyId, { secretAccessKey: KEY.secretAccessKey }],
    [accessKeyId, { secretAccessKey, sessionToken }],
  ]);
  const rules = { region: 'eu-west-1', service: 'bedrock-agentcore', keys, mustSign: ['x-tenant'] };
  const server = await startSigned(await target, { ...rules, ...more });
  cleanups.push(() => server.close());
  return server;
}

function connection(
  url: string,
  credentials: AwsCredentials = KEY,
  more: Partial<SigV4Credential> = {},
  now: () => number = Date.now,
) {
  const source = keptCredentials(async () => credentials, now);
  const authorizer = sigv4Authorizer({ ...credential, ...more }, { credentials: source, now });
  return connectionTo(url, egress, { authorizer });
}

function failed(report: ValidationReport) {
  return report.steps.find(step => step.status === 'failed');
}

describe('a server that verifies SigV4', () => {
  it.each([
    ['of 2026-07-28', startModern, 'modern'],
    ['of 2025-11-25, with a session that is ended', startLegacy, 'legacy'],
  ] as const)('%s lets every request in', async (_name, start, kind) => {
    const server = await signed(start());
    const report = await validateServer(connection(server.url));
    expect(report).toMatchObject({ valid: true, verdict: { kind } });
    expect(report.tools).toHaveLength(3);
    expect(server.refusals).toEqual([]);
    expect(server.received.every(headers => headers['x-tenant'] === CUSTOM)).toBe(true);
    const names = /SignedHeaders=([^,]+)/.exec(server.received.at(-1)?.authorization ?? '')?.[1];
    expect(names).toContain('mcp-');
  });

  it('is talked to over one connection, call after call', async () => {
    const server = await signed(startLegacy());
    const signal = AbortSignal.timeout(20_000);
    const open = await connectServer(connection(server.url), { signal, headersTimeoutMs: 5_000 });
    const call = {
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'é ☃ \u{1F600}' } },
    } as const;
    const result = await open.client.callTool(call.params);
    expect(result.content).toEqual([{ type: 'text', text: 'é ☃ \u{1F600}' }]);
    expect((await listTools(open)).tools).toHaveLength(3);
    await open.close();
    expect(server.refusals).toEqual([]);
  });

  it.each([
    '/runtimes/arn%3Aaws%3Abedrock-agentcore%3Aeu-west-1%3A123456789012%3Aruntime%2Fx/invocations?qualifier=DEFAULT',
    "/a%20b/(c)/~d'/é?q=a+b&list=2&list=1&empty=&bare&k=%2F%3D",
    '/mcp/',
  ])('finds the path and query signed as they arrive: %s', async path => {
    const server = await signed(startModern(), { path });
    // What URL makes of the path is egress's affair: the endpoint is given as it is.
    const endpoint = new URL(server.url).origin + path;
    const report = await validateServer(connection(endpoint));
    expect(server.refusals).toEqual([]);
    expect(report.valid).toBe(true);
  });

  it('finds host signed although the name ends in a dot', async () => {
    const server = await signed(startModern());
    const report = await validateServer(connection(server.url.replace('127.0.0.1', 'localhost.')));
    expect(server.refusals).toEqual([]);
    expect(report.valid).toBe(true);
  });

  it('gets the token of temporary credentials, signed', async () => {
    const server = await signed(startModern());
    expect(await validateServer(connection(server.url, TEMPORARY))).toMatchObject({ valid: true });
    expect(server.received.every(h => h['x-amz-security-token'] === TEMPORARY.sessionToken)).toBe(true);
    expect(server.received[0]?.authorization).toContain('x-amz-security-token');
  });
});

type Tamper = NonNullable<SignedServerOptions['tamper']>;

describe('what a server refuses', () => {
  const cases: [string, AwsCredentials, Partial<SigV4Credential>, string][] = [
    ['another region', KEY, { region: 'us-east-1' }, 'wrong region'],
    ['another service', KEY, { service: 'execute-api' }, 'wrong service'],
    ['another secret', { ...KEY, secretAccessKey: 'canary-other-secret' }, {}, 'wrong signature'],
    ['an unknown key', { ...KEY, accessKeyId: 'AKIDOTHER' }, {}, 'unknown key'],
    ['another token', { ...TEMPORARY, sessionToken: 'canary-other-token' }, {}, 'wrong session token'],
  ];
  it.each(cases)('%s is told as a failed credential', async (_name, credentials, more, refusal) => {
    for (const [refuseWith, code] of [
      [401, 'CREDENTIAL_REJECTED'],
      [403, 'CREDENTIAL_FORBIDDEN'],
    ] as const) {
      const server = await signed(startModern(), { refuseWith });
      const report = await validateServer(connection(server.url, credentials, more));
      expect(failed(report)).toMatchObject({ step: 'credential', code });
      expect(new Set(server.refusals)).toEqual(new Set([refusal]));
      expect(JSON.stringify(report)).not.toContain('canary');
    }
  });

  it('a request of an hour ago', async () => {
    const server = await signed(startModern());
    const hourAgo = () => Date.now() - 3_600_000;
    const report = await validateServer(connection(server.url, KEY, {}, hourAgo));
    expect(failed(report)?.code).toBe('CREDENTIAL_FORBIDDEN');
    expect(server.refusals[0]).toContain('Signature expired');
  });

  const setHeader = (name: string, value: string): Tamper => {
    return raw => ({
      ...raw,
      headers: raw.headers.map(([key, old]) => [key, key.toLowerCase() === name ? value : old] as const),
    });
  };
  const tampered: [string, Tamper][] = [
    ['a custom header', setHeader('x-tenant', 'red')],
    ['the content type', setHeader('content-type', 'text/plain')],
    ['the protocol version', setHeader('mcp-protocol-version', '2024-11-05')],
    ['the session token', setHeader('x-amz-security-token', 'other')],
    ['the host', setHeader('host', 'mcp.example.com')],
    ['the body', raw => ({ ...raw, body: Buffer.from(`${raw.body} `) })],
    ['the query', raw => ({ ...raw, rawQuery: 'a=1' })],
    ['the path', raw => ({ ...raw, rawPath: '/other' })],
    ['the method', raw => ({ ...raw, method: 'PUT' })],
  ];
  it.each(tampered)('a request with %s changed on the way', async (_name, tamper) => {
    const server = await signed(startModern(), { tamper });
    const report = await validateServer(connection(server.url, TEMPORARY));
    expect(failed(report)?.code).toBe('CREDENTIAL_FORBIDDEN');
    expect(server.refusals[0]).toMatch(/^wrong (signature|body hash|session token)$/);
  });
});

describe('secrets', () => {
  it('are all named to the scrubber, the last signatures included', async () => {
    const server = await signed(startModern());
    const { authorizer, ...rest } = connection(server.url, TEMPORARY);
    await validateServer({ authorizer, ...rest });
    const secrets = authorizer.secrets();
    const signature = /Signature=(\w+)/.exec(server.received.at(-1)?.authorization ?? '')?.[1];
    for (const secret of [TEMPORARY.secretAccessKey, TEMPORARY.sessionToken, CUSTOM, signature]) {
      expect(secrets).toContain(secret);
    }
  });

  it('are in headers that egress drops on a change of origin', () => {
    expect(connection('https://mcp.example.com/').authorizer.headerNames).toEqual([
      'authorization',
      'x-amz-date',
      'x-amz-content-sha256',
      'x-amz-security-token',
      'x-tenant',
    ]);
  });

  it('do not reach the report of a server that repeats them in an error', async () => {
    const target = startModern({
      listTools: (_cursor, { requestInfo }) => {
        throw new Error(`denied: ${JSON.stringify([...(requestInfo?.headers ?? [])])}`);
      },
    });
    const server = await signed(target);
    const report = await validateServer(connection(server.url, TEMPORARY));
    const signature = /Signature=(\w+)/.exec(server.received.at(-1)?.authorization ?? '')?.[1] ?? 'none';
    expect(failed(report)?.code).toBe('TOOLS_LIST_FAILED');
    expect(failed(report)?.message).toContain('denied');
    expect(JSON.stringify(report)).not.toContain('canary');
    expect(JSON.stringify(report)).not.toContain(signature);
  });
});

it('an endpoint that is no URL is left to egress to refuse', async () => {
  const report = await validateServer(connection('https://'));
  expect(failed(report)).toMatchObject({ step: 'url', code: 'ENDPOINT_URL_INVALID' });
});

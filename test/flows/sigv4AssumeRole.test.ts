import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SigV4Credential } from '../../lib/credentials/credential.ts';
import type { Egress } from '../../lib/egress/types.ts';
import { McpError } from '../../lib/mcp/mcpError.ts';
import { validateServer } from '../../lib/mcp/validate.ts';
import { type AwsSourcesOptions, createAwsSources, type SourceRequest } from '../../lib/sigv4/awsSources.ts';
import { externalIdOf } from '../../lib/sigv4/externalId.ts';
import { sigv4Authorizer } from '../../lib/sigv4/sigv4Authorizer.ts';
import { startModern } from '../support/mcp/modern.ts';
import { type FakeStsOptions, startFakeSts } from '../support/sigv4/fakeSts.ts';
import { startSigned } from '../support/sigv4/signedServer.ts';
import { connectionTo, loopbackEgress } from './validationSupport.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/mcp`;
const SERVICE_ID = 'mcpserversigv4-019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071';
const OWN = { accessKeyId: 'AKIDOWN', secretAccessKey: 'canary-own-secret' };
const EXTERNAL_ID_KEY = Buffer.alloc(32, 'canary');
const EXTERNAL_ID = externalIdOf(ACCOUNT, EXTERNAL_ID_KEY);

const credential: SigV4Credential = {
  kind: 'sigv4',
  region: 'eu-west-1',
  service: 'bedrock-agentcore',
  mcpRoleArn: ROLE,
  customHeaders: {},
};

let egress: Egress;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  egress = await loopbackEgress();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
afterAll(() => egress.close());

/** STS that knows the process's own key, and the sources of a process that uses it. */
async function world(sts: Partial<FakeStsOptions> = {}, options: Partial<AwsSourcesOptions> = {}) {
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const keys = new Map([[OWN.accessKeyId, { secretAccessKey: OWN.secretAccessKey }]]);
  const fake = await startFakeSts({ region: 'us-east-2', keys, now, ...sts });
  cleanups.push(() => fake.close());
  const sources = createAwsSources({
    region: 'us-east-2',
    externalIdKey: EXTERNAL_ID_KEY,
    ownCredentials: false,
    now,
    stsEndpoint: fake.url,
    chain: async () => OWN,
    ...options,
  });
  const sourceFor = (more: Partial<SourceRequest> = {}) =>
    sources.sourceFor({ accountId: ACCOUNT, serviceId: SERVICE_ID, roleArn: ROLE, ...more });
  return { fake, sourceFor, clock, now };
}

async function failure(trying: Promise<unknown>): Promise<McpError> {
  const error = await trying.then(
    () => expect.fail('must be refused'),
    error => error,
  );
  expect(error).toBeInstanceOf(McpError);
  expect(error.code).toBe('SIGNING_FAILED');
  expect(`${error.message} ${JSON.stringify(error)} ${error.cause}`).not.toContain('canary');
  return error;
}

describe('a role that trusts this deployment', () => {
  it('is assumed once for 100 requests, with the ExternalId of the account', async () => {
    const { fake, sourceFor, now } = await world();
    const server = await startSigned(await startModern(), {
      region: 'eu-west-1',
      service: 'bedrock-agentcore',
      keys: fake.sessions,
    });
    cleanups.push(() => server.close());
    const authorizer = () => sigv4Authorizer(credential, { credentials: sourceFor(), now });
    const reports = await Promise.all(
      Array.from({ length: 50 }, () =>
        validateServer(connectionTo(server.url, egress, { authorizer: authorizer() })),
      ),
    );
    expect(reports.filter(report => !report.valid)).toEqual([]);
    expect(server.received).toHaveLength(100);
    expect(fake.assumed).toEqual([
      expect.objectContaining({
        RoleArn: ROLE,
        RoleSessionName: 'switchboard-019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
        ExternalId: EXTERNAL_ID,
        DurationSeconds: '3600',
      }),
    ]);
  });

  it('is assumed again 5 minutes before the session expires', async () => {
    const { fake, sourceFor, clock } = await world();
    const first = await sourceFor().get();
    clock.ahead = 54 * 60_000;
    expect(await sourceFor().get()).toBe(first);
    clock.ahead = 56 * 60_000;
    const second = await sourceFor().get();
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
    expect(fake.assumed).toHaveLength(2);
  });

  it('is assumed again when the server no longer takes the session', async () => {
    const { fake, sourceFor, clock, now } = await world();
    const server = await startSigned(await startModern(), {
      region: 'eu-west-1',
      service: 'bedrock-agentcore',
      keys: fake.sessions,
      refuseWith: 401,
      now,
    });
    cleanups.push(() => server.close());
    const authorizer = sigv4Authorizer(credential, { credentials: sourceFor(), now });
    const check = () => validateServer(connectionTo(server.url, egress, { authorizer }));
    expect(await check()).toMatchObject({ valid: true });
    fake.sessions.clear();
    clock.ahead = 10 * 60_000;
    expect(await check()).toMatchObject({ valid: true });
    expect(server.refusals).toEqual(['unknown key']);
    expect(fake.assumed).toHaveLength(2);
  });

  it('has a session of its own for each server, and one for validating', async () => {
    const { fake, sourceFor } = await world();
    await sourceFor().get();
    await sourceFor({ serviceId: undefined }).get();
    expect(fake.assumed.map(({ RoleSessionName }) => RoleSessionName)).toEqual([
      'switchboard-019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071',
      'switchboard-validation',
    ]);
  });
});

describe('a role that cannot be assumed', () => {
  it('is told with the ExternalId and the trust policy to add', async () => {
    const { sourceFor } = await world({
      fault: () => ({ status: 403, code: 'AccessDenied' }),
      callerArn: 'arn:aws:sts::210987654321:assumed-role/switchboard-mcp/i-1',
    });
    const { message } = await failure(sourceFor().get());
    expect(message).toContain(`does not let this deployment assume ${ROLE}`);
    expect(message).toContain(`(ExternalId ${EXTERNAL_ID})`);
    expect(JSON.parse(message.slice(message.indexOf('{')))).toEqual({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::210987654321:role/switchboard-mcp' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
    });
  });

  it('is a failed step of the validation', async () => {
    const { sourceFor, now } = await world({ fault: () => ({ status: 403, code: 'AccessDenied' }) });
    const peer = await startModern();
    cleanups.push(() => peer.close());
    const authorizer = sigv4Authorizer(credential, { credentials: sourceFor(), now });
    const report = await validateServer(connectionTo(peer.url, egress, { authorizer }));
    const failed = report.steps.find(step => step.status === 'failed');
    expect(failed).toMatchObject({ step: 'credential', code: 'SIGNING_FAILED' });
    expect(failed?.message).toContain(EXTERNAL_ID);
    expect(peer.requests).toEqual([]);
  });

  it('for being of another account never reaches STS', async () => {
    const { fake, sourceFor } = await world();
    for (const roleArn of [ROLE.replace(ACCOUNT, '999999999999'), `${ROLE} `, 'x']) {
      expect((await failure(sourceFor({ roleArn }).get())).message).toContain(`account ${ACCOUNT}`);
    }
    expect(fake.assumed).toEqual([]);
  });

  it.each([
    [{ status: 403, code: 'ExpiredToken' }, /own AWS credentials \(ExpiredToken/],
    [{ status: 403, code: 'RegionDisabledException' }, /not active in us-east-2/],
    [{ status: 400, code: 'ValidationError' }, /could not assume .* \(ValidationError\)/],
    ['hang up', /could not be reached/],
  ] as const)('because of %j is told in our own words', async (fault, message) => {
    const { sourceFor } = await world({ fault: () => fault });
    expect((await failure(sourceFor().get())).message).toMatch(message);
  });

  it('is tried again with the next request', async () => {
    let denied = true;
    const { sourceFor } = await world({
      fault: () => (denied ? { status: 403, code: 'AccessDenied' } : undefined),
    });
    await failure(sourceFor().get());
    denied = false;
    expect((await sourceFor().get()).sessionToken).toContain('canary-token');
  });
});

describe("the process's own credentials", () => {
  it('sign where no role is named and that is allowed', async () => {
    const { sourceFor } = await world({}, { ownCredentials: true });
    expect(await sourceFor({ roleArn: undefined }).get()).toEqual(OWN);
  });

  it('are lent to nobody where that is not allowed', async () => {
    const { sourceFor } = await world();
    const { message } = await failure(sourceFor({ roleArn: undefined }).get());
    expect(message).toContain('mcpRoleArn');
  });

  it('that are wrong are told apart from a role that is', async () => {
    const { sourceFor } = await world({ keys: new Map() });
    expect((await failure(sourceFor().get())).message).toContain('SignatureDoesNotMatch');
  });

  it('that are missing are told without a word of the host', async () => {
    const chain = () => Promise.reject(new Error('canary: no /root/.aws/config'));
    const { sourceFor } = await world({}, { chain, ownCredentials: true });
    for (const roleArn of [undefined, ROLE]) {
      expect((await failure(sourceFor({ roleArn }).get())).message).toContain('no AWS credentials');
    }
  });

  it('come from the chain of the AWS SDK', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', OWN.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', OWN.secretAccessKey);
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    const { fake } = await world();
    vi.stubEnv('AWS_ENDPOINT_URL_STS', fake.url);
    const sources = createAwsSources({
      region: 'us-east-2',
      externalIdKey: EXTERNAL_ID_KEY,
      ownCredentials: true,
      now: Date.now,
    });
    expect(await sources.sourceFor({ accountId: ACCOUNT }).get()).toMatchObject(OWN);
    await sources.sourceFor({ accountId: ACCOUNT, roleArn: ROLE }).get();
    expect(fake.assumed).toHaveLength(1);
  });
});

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { externalIdOf } from '../../lib/sigv4/externalId.ts';
import { ACCOUNT, type App, startApp } from '../support/app.ts';
import { startModern } from '../support/mcp/modern.ts';
import { type FakeSts, startFakeSts } from '../support/sigv4/fakeSts.ts';
import { type SignedServer, startSigned } from '../support/sigv4/signedServer.ts';

const OWN = { accessKeyId: 'AKIDOWN', secretAccessKey: 'canary-own-secret' };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/mcp`;
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';
const HEADER = 'canary-custom-header';

let app: App;
let sts: FakeSts;
let server: SignedServer;
let trusts = true;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', OWN.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', OWN.secretAccessKey);
  const keys = new Map([[OWN.accessKeyId, { secretAccessKey: OWN.secretAccessKey }]]);
  sts = await startFakeSts({
    region: 'us-east-1',
    keys,
    fault: () => (trusts ? undefined : { status: 403, code: 'AccessDenied' }),
  });
  app = await startApp({ AWS_ENDPOINT_URL_STS: sts.url });
  server = await startSigned(await startModern(), {
    region: 'eu-west-1',
    service: 'bedrock-agentcore',
    keys: sts.sessions,
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([app.stop(), server.close(), sts.close()]);
});

const config = (more: object = {}) => ({
  region: 'eu-west-1',
  service: 'bedrock-agentcore',
  mcpRoleArn: ROLE,
  customHeaders: { 'x-tenant': HEADER },
  ...more,
});

const registration = (name: string, more: object = {}) => ({
  service: 'mcpserversigv4',
  serviceDetails: {
    mcpserversigv4: { name, endpoint: server.url, authorizationConfig: config(more) },
  },
});

it('tells the ExternalId before anything is registered, to whom no role trusts yet', async () => {
  trusts = false;
  const answer = await app.call('ValidateRegistration', registration('before'));
  trusts = true;
  expect(answer).toMatchObject({ status: 200, body: { report: { valid: false } } });
  const { externalId, report } = answer.body;
  expect(externalId).toBe(externalIdOf(ACCOUNT, Buffer.alloc(32, 8)));
  const failed = report.steps.find(({ status }: { status: string }) => status === 'failed');
  expect(failed).toMatchObject({
    code: 'SIGNING_FAILED',
    path: '/serviceDetails/mcpserversigv4/authorizationConfig/mcpRoleArn',
  });
  expect(failed.message).toContain(externalId);
  expect((await app.call('ListServices')).body.services).toEqual([]);
});

it('registers, shows no value of a custom header, and replaces the credential in place', async () => {
  const { body } = await app.call('RegisterService', registration('signed'));
  const { serviceId } = body;
  expect(serviceId).toMatch(/^mcpserversigv4-/);
  expect(sts.assumed.at(-1)).toMatchObject({
    RoleArn: ROLE,
    ExternalId: externalIdOf(ACCOUNT, Buffer.alloc(32, 8)),
  });
  const shown = async () => (await app.call('GetService', { serviceId })).body.service;
  expect((await shown()).additionalServiceDetails.mcpserversigv4).toMatchObject({
    region: 'eu-west-1',
    roleArn: ROLE,
    customHeaders: { 'x-tenant': HIDDEN },
  });
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });

  const update = (more: object) =>
    app.call('UpdateService', {
      serviceId,
      serviceDetails: { mcpserversigv4: { authorizationConfig: config(more) } },
    });
  const wrong = await update({ service: 'execute-api' });
  expect(wrong).toMatchObject({ status: 400, error: 'ValidationException' });
  expect((await shown()).additionalServiceDetails.mcpserversigv4.service).toBe('bedrock-agentcore');
  expect(await update({ customHeaders: { 'x-other': HEADER } })).toMatchObject({ status: 200 });
  expect((await shown()).additionalServiceDetails.mcpserversigv4.customHeaders).toEqual({
    'x-other': HIDDEN,
  });
  expect((await app.call('ValidateService', { serviceId })).body.report).toMatchObject({ valid: true });
  expect(server.received.at(-1)).toMatchObject({ 'x-other': HEADER });
  expect(JSON.stringify(await app.events())).not.toContain('canary');
});

it.each<[string, object, string, string]>([
  ['SigV4A', { region: '*' }, '/region', 'SigV4A'],
  ['a foreign role', { mcpRoleArn: 'arn:aws:iam::999999999999:role/x' }, '/mcpRoleArn', 'of this account'],
  [
    'eleven custom headers',
    { customHeaders: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`x-${n}`, 'v'])) },
    '/customHeaders',
    'at most 10',
  ],
])('refuses %s by name, and asks nobody', async (_name, more, path, words) => {
  const asked = sts.assumed.length;
  const { status, body } = await app.call('RegisterService', registration('refused', more));
  expect(status).toBe(400);
  expect(body.fieldList[0].path).toContain(`/serviceDetails/mcpserversigv4/authorizationConfig${path}`);
  expect(body.message).toContain(words);
  expect(sts.assumed).toHaveLength(asked);
});

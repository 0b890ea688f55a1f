import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createKmsVault } from '../../lib/credentials/kmsVault.ts';
import {
  contents,
  eventOf,
  expectError,
  expectInvalid,
  fresh,
  KEY,
  ok,
  startWorld,
} from '../operations/support.ts';
import { ACCOUNT, apiKeyRegistration } from '../support/app.ts';
import { type FakeKms, startFakeKms } from '../unit/credentials/fakeKms.ts';

// As on AWS: a deployment whose credentials are encrypted under KMS keys.

const keyArn = (account: string, id: string) =>
  `arn:aws:kms:us-east-1:${account}:key/${id}0000000-0000-4000-8000-000000000000`;
const DEFAULT_KEY = keyArn(ACCOUNT, 'd');
const OWN_KEY = keyArn(ACCOUNT, 'a');

const world = startWorld({ KMS_KEY_ARN: DEFAULT_KEY });
let kms: FakeKms;

beforeAll(async () => {
  kms = await startFakeKms();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clientConfig = { endpoint: kms.endpoint, credentials };
  Object.assign(world.app.deps, { vault: createKmsVault({ defaultKeyArn: DEFAULT_KEY, clientConfig }) });
});
beforeEach(() => {
  kms.calls.length = 0;
  kms.faults.length = 0;
});
afterAll(() => kms[Symbol.asyncDispose]());

const request = (more: object = {}) => apiKeyRegistration(fresh('server'), world.peer.url, KEY, more);
const register = (more?: object) => world.app.call('RegisterService', request(more));
const asked = () => kms.calls.map(({ operation, input }) => `${operation} ${input.KeyId}`);

it('encrypts under the key of the registration for all its life, and shows it', async () => {
  const answer = await register({ kmsKeyArn: OWN_KEY });
  const { serviceId, kmsKeyArn } = ok(answer);
  expect(kmsKeyArn).toBe(OWN_KEY);
  expect(kms.calls).toMatchObject([
    {
      operation: 'GenerateDataKey',
      input: {
        KeyId: OWN_KEY,
        EncryptionContext: {
          'switchboard:account': ACCOUNT,
          'switchboard:service': serviceId,
          'switchboard:purpose': 'credential',
        },
      },
    },
  ]);
  const event = await eventOf(world.app, 'RegisterService', answer);
  expect(event).toMatchObject({
    requestParameters: { kmsKeyArn: OWN_KEY },
    responseElements: { kmsKeyArn: OWN_KEY },
  });
  expect(ok(await world.app.call('GetService', { serviceId })).service.kmsKeyArn).toBe(OWN_KEY);

  kms.calls.length = 0;
  expect(ok(await world.app.call('ValidateService', { serviceId })).report.valid).toBe(true);
  const { authorizationConfig } = request().serviceDetails.mcpserver;
  ok(
    await world.app.call('UpdateService', {
      serviceId,
      serviceDetails: { mcpserver: { authorizationConfig } },
    }),
  );
  expect(asked()).toEqual([`Decrypt ${OWN_KEY}`, `GenerateDataKey ${OWN_KEY}`]);
});

it('encrypts under the key of the deployment where none is named', async () => {
  const { serviceId, kmsKeyArn } = ok(await register());
  expect(kmsKeyArn).toBeUndefined();
  expect(ok(await world.app.call('ValidateService', { serviceId })).report.valid).toBe(true);
  expect(asked()).toEqual([`GenerateDataKey ${DEFAULT_KEY}`, `Decrypt ${DEFAULT_KEY}`]);
});

it('refuses a key of another account or region, which KMS is not even asked for', async () => {
  const before = await contents(world.app);
  for (const kmsKeyArn of [keyArn('444455556666', 'a'), OWN_KEY.replace('us-east-1', 'eu-west-1')]) {
    const answer = await register({ kmsKeyArn });
    expectInvalid(answer, ['/kmsKeyArn', /must (belong to account 111122223333|be in us-east-1)/]);
    await eventOf(world.app, 'RegisterService', answer);
  }
  expect(kms.calls).toEqual([]);
  expect(await contents(world.app)).toEqual(before);
});

it('says what to do about a key that cannot be used, when it is the caller’s', async () => {
  const before = await contents(world.app);
  kms.faults.push({ type: 'AccessDeniedException' });
  expectInvalid(await register({ kmsKeyArn: OWN_KEY }), ['/kmsKeyArn', /Tag the key switchboard=allowed/]);
  kms.faults.push({ type: 'DisabledException' });
  expectInvalid(await register({ kmsKeyArn: OWN_KEY }), ['/kmsKeyArn', /is disabled/]);
  // The deployment's own is nothing that a caller can mend.
  kms.faults.push({ type: 'DisabledException' });
  expectError(await register(), 'InternalServerException', 500);
  expect(await contents(world.app)).toEqual(before);
});

it('needs no key to remove a registration', async () => {
  const { serviceId } = ok(await register({ kmsKeyArn: OWN_KEY }));
  kms.calls.length = 0;
  kms.faults.push({ type: 'DisabledException' });
  ok(await world.app.call('DeregisterService', { serviceId }));
  expect(kms.calls).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKmsVault } from '../../../lib/credentials/kmsVault.ts';
import { type Vault, type VaultContext, VaultError } from '../../../lib/credentials/vault.ts';
import { type FakeKms, startFakeKms } from './fakeKms.ts';

const ACCOUNT = '111122223333';
const context: VaultContext = { accountId: '999900001111', serviceId: 'mcpserver-1', purpose: 'credential' };
const SECRET = 'canary-f00d';
const DEFAULT_KEY = keyArn({ last: 'd' });
const OWN_KEY = keyArn({ last: 'e' });

function keyArn({ account = ACCOUNT, region = 'us-east-1', partition = 'aws', last = 'f' }): string {
  return `arn:${partition}:kms:${region}:${account}:key/00000000-0000-4000-8000-00000000000${last}`;
}

let kms: FakeKms;
let vault: Vault;
beforeAll(async () => {
  kms = await startFakeKms();
  vault = vaultOf(DEFAULT_KEY);
});
afterAll(async () => await kms[Symbol.asyncDispose]());
beforeEach(() => {
  kms.calls.length = 0;
  kms.faults.length = 0;
});

function vaultOf(defaultKeyArn: string): Vault {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'none' };
  return createKmsVault({ defaultKeyArn, clientConfig: { endpoint: kms.endpoint, credentials } });
}

async function failureOf(promise: Promise<unknown>): Promise<VaultError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof VaultError)) throw new Error(`no VaultError but ${String(error)}`);
  expect(error).not.toHaveProperty('cause');
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('canary');
  return error;
}

describe('createKmsVault', () => {
  it('gives back what it was given, and tells KMS the context both times', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    expect(Buffer.from(sealed).includes(SECRET)).toBe(false);
    expect(await vault.decrypt(sealed, context)).toBe(SECRET);
    const EncryptionContext = {
      'switchboard:account': '999900001111',
      'switchboard:service': 'mcpserver-1',
      'switchboard:purpose': 'credential',
    };
    expect(kms.calls).toMatchObject([
      { operation: 'GenerateDataKey', input: { KeyId: DEFAULT_KEY, EncryptionContext, NumberOfBytes: 32 } },
      { operation: 'Decrypt', input: { KeyId: DEFAULT_KEY, EncryptionContext } },
    ]);
  });

  it('uses the key of a registration, and finds it again by itself', async () => {
    const sealed = await vault.encrypt(SECRET, context, OWN_KEY);
    expect(await vault.decrypt(sealed, context)).toBe(SECRET);
    expect(kms.calls.map(call => call.input.KeyId)).toEqual([OWN_KEY, OWN_KEY]);
  });

  it('takes an alias as its default key', async () => {
    const aliased = vaultOf(`arn:aws:kms:us-east-1:${ACCOUNT}:alias/main`);
    expect(await aliased.decrypt(await aliased.encrypt(SECRET, context), context)).toBe(SECRET);
  });

  it.each<Partial<VaultContext>>([
    { accountId: '444455556666' },
    { serviceId: 'mcpserver-2' },
    { purpose: 'token' },
  ])('refuses another context: %j', async other => {
    const sealed = await vault.encrypt(SECRET, context);
    const failure = await failureOf(vault.decrypt(sealed, { ...context, ...other }));
    expect(failure.code).toBe('CONTEXT_MISMATCH');
  });

  it('refuses a context swapped inside the value: KMS itself does', async () => {
    const sealed = Buffer.from(await vault.encrypt(SECRET, context));
    sealed[sealed.indexOf('mcpserver-1') + 10] = '2'.charCodeAt(0);
    const failure = await failureOf(vault.decrypt(sealed, { ...context, serviceId: 'mcpserver-2' }));
    expect(failure.code).toBe('CANNOT_DECRYPT');
    expect(kms.calls.at(-1)?.operation).toBe('Decrypt');
  });

  it('keeps the faults of concurrent calls apart', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    kms.faults.push({ type: 'DisabledException' });
    const answers = await Promise.allSettled([1, 2, 3].map(() => vault.decrypt(sealed, context)));
    expect(answers.map(answer => answer.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    const rejected = answers.find(answer => answer.status === 'rejected');
    expect(rejected?.reason).toMatchObject({ code: 'KEY_UNAVAILABLE' });
  });
});

describe('keys that may not be used', () => {
  it.each([
    ['another account', keyArn({ account: '444455556666' })],
    ['another region', keyArn({ region: 'eu-west-1' })],
    ['another partition', keyArn({ partition: 'aws-cn' })],
    ['no ARN', 'alias/mine'],
    ['no KMS ARN', `arn:aws:iam::${ACCOUNT}:role/x`],
  ])('%s: refused before any call', async (_, arn) => {
    const failure = await failureOf(vault.encrypt(SECRET, context, arn));
    expect(failure).toMatchObject({ code: 'KEY_NOT_ALLOWED', keyArn: arn });
    expect(kms.calls).toEqual([]);
  });

  it.each([
    ['another account', keyArn({ account: '444455556666' })],
    ['another region', keyArn({ region: 'eu-west-1' })],
    ['another partition', keyArn({ partition: 'aws-cn' })],
  ])('%s: what it encrypted is refused before any call', async (_, arn) => {
    const sealed = await vaultOf(arn).encrypt(SECRET, context);
    kms.calls.length = 0;
    expect((await failureOf(vault.decrypt(sealed, context))).code).toBe('CANNOT_DECRYPT');
    expect(kms.calls).toEqual([]);
  });

  it('needs a default key that is an ARN', () => {
    expect(() => vaultOf('alias/main')).toThrow(/ARN/);
  });
});

describe('faults of KMS', () => {
  it.each([
    ['AccessDeniedException', 'KEY_ACCESS_DENIED', /switchboard=allowed/],
    ['NotFoundException', 'KEY_UNAVAILABLE', /does not exist/],
    ['DisabledException', 'KEY_UNAVAILABLE', /is disabled/],
    ['KMSInvalidStateException', 'KEY_UNAVAILABLE', /pending deletion/],
    ['InvalidKeyUsageException', 'KEY_UNAVAILABLE', /symmetric/],
    ['SomethingNewException', 'KMS_FAILED', /SomethingNewException/],
  ])('%s is %s, at encryption and decryption', async (type, code, message) => {
    const sealed = await vault.encrypt(SECRET, context, OWN_KEY);
    kms.faults.push({ type });
    const first = await failureOf(vault.encrypt(SECRET, context, OWN_KEY));
    kms.faults.push({ type });
    const second = await failureOf(vault.decrypt(sealed, context));
    for (const failure of [first, second]) {
      expect(failure).toMatchObject({ code, keyArn: OWN_KEY, message: expect.stringMatching(message) });
    }
  });

  it('rides out a throttled moment', async () => {
    kms.faults.push({ type: 'ThrottlingException' });
    const sealed = await vault.encrypt(SECRET, context);
    kms.faults.push({ type: 'KMSInternalException', status: 500 });
    expect(await vault.decrypt(sealed, context)).toBe(SECRET);
    expect(kms.calls).toHaveLength(4);
  });

  it('gives up on lasting throttling after three tries', async () => {
    kms.faults.push(...Array.from({ length: 9 }, () => ({ type: 'ThrottlingException' })));
    expect((await failureOf(vault.encrypt(SECRET, context))).code).toBe('KMS_FAILED');
    expect(kms.calls).toHaveLength(3);
  });

  it('does not wait for a KMS that hangs', async () => {
    kms.faults.push('hang');
    const sealed = await vault.encrypt(SECRET, context);
    expect(await vault.decrypt(sealed, context)).toBe(SECRET);
    expect(kms.calls).toHaveLength(3);
  });

  it('tells an altered value from a failing KMS', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    kms.calls.length = 0;
    const altered = sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1);
    expect((await failureOf(vault.decrypt(altered, context))).code).toBe('CANNOT_DECRYPT');
    expect(kms.calls).toHaveLength(1);
  });
});

import { randomBytes } from 'node:crypto';
import { buildEncrypt } from '@aws-crypto/encrypt-node';
import { AlgorithmSuiteIdentifier, MultiKeyringNode } from '@aws-crypto/material-management-node';
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node';
import { describe, expect, it } from 'vitest';
import {
  createKeyFileVault,
  needsReencryption,
  type VaultKey,
} from '../../../lib/credentials/keyFileVault.ts';
import { type VaultContext, VaultError, type VaultErrorCode } from '../../../lib/credentials/vault.ts';

const context: VaultContext = { accountId: '111122223333', serviceId: 'mcpserver-1', purpose: 'credential' };
const SECRET = 'canary-f00d-é-日本';
const OLD: VaultKey = { id: 'aaaaaaaaaaaaaaaa', material: randomBytes(32) };
const NEW: VaultKey = { id: 'bbbbbbbbbbbbbbbb', material: randomBytes(32) };
const vault = createKeyFileVault({ keys: [OLD] });

async function failureOf(promise: Promise<unknown>): Promise<VaultErrorCode> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof VaultError)) throw new Error(`no VaultError but ${String(error)}`);
  expect(error).not.toHaveProperty('cause');
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('canary');
  return error.code;
}

describe('createKeyFileVault', () => {
  it.each(['', SECRET, 'x'.repeat(20_000)])('gives back what it was given', async plaintext => {
    const sealed = await vault.encrypt(plaintext, context);
    expect(await vault.decrypt(sealed, context)).toBe(plaintext);
  });

  it('stores no plaintext, and no two values alike', async () => {
    const [one, two] = await Promise.all([vault.encrypt(SECRET, context), vault.encrypt(SECRET, context)]);
    expect(Buffer.from(one).includes(SECRET)).toBe(false);
    expect(Buffer.from(one).equals(two)).toBe(false);
  });

  it('writes a committing suite without signature', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    // Message format: version (1 byte), suite id (2 bytes).
    expect([...sealed.subarray(0, 3)]).toEqual([2, 0x04, 0x78]);
  });

  it.each<Partial<VaultContext>>([
    { accountId: '444455556666' },
    { serviceId: 'mcpserver-2' },
    { purpose: 'token' },
  ])('refuses another context: %j', async other => {
    const sealed = await vault.encrypt(SECRET, context);
    expect(await failureOf(vault.decrypt(sealed, { ...context, ...other }))).toBe('CONTEXT_MISMATCH');
  });

  it('refuses a value whose context says more than ours', async () => {
    const { encrypt } = buildEncrypt();
    const { result } = await encrypt(keyringOf(OLD), SECRET, {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
      encryptionContext: {
        'switchboard:account': context.accountId,
        'switchboard:service': context.serviceId,
        'switchboard:purpose': context.purpose,
        more: 'x',
      },
    });
    expect(await failureOf(vault.decrypt(result, context))).toBe('CONTEXT_MISMATCH');
  });

  it('refuses an incomplete context', async () => {
    const incomplete = { ...context, serviceId: '' };
    expect(await failureOf(vault.encrypt(SECRET, incomplete))).toBe('CONTEXT_INVALID');
    expect(await failureOf(vault.decrypt(new Uint8Array(), incomplete))).toBe('CONTEXT_INVALID');
  });

  it('refuses every altered byte', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    for (let at = 0; at < sealed.length; at++) {
      const altered = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      expect([at, await failureOf(vault.decrypt(altered, context))]).toEqual([at, 'CANNOT_DECRYPT']);
    }
  });

  it('refuses a value cut short anywhere', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    for (let length = 0; length < sealed.length; length++) {
      const cut = sealed.subarray(0, length);
      expect([length, await failureOf(vault.decrypt(cut, context))]).toEqual([length, 'CANNOT_DECRYPT']);
    }
  });

  it('takes nothing from bytes after the end of a value', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    expect(await vault.decrypt(new Uint8Array([...sealed, ...sealed, 1]), context)).toBe(SECRET);
  });

  it('refuses another key, of another name or of the same', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    for (const key of [NEW, { ...OLD, material: NEW.material }]) {
      const other = createKeyFileVault({ keys: [key] });
      expect(await failureOf(other.decrypt(sealed, context))).toBe('CANNOT_DECRYPT');
    }
  });

  it('refuses a value with two wrapped data keys', async () => {
    const both = new MultiKeyringNode({ generator: keyringOf(OLD), children: [keyringOf(NEW)] });
    const { result } = await buildEncrypt().encrypt(both, SECRET, {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
      encryptionContext: {
        'switchboard:account': context.accountId,
        'switchboard:service': context.serviceId,
        'switchboard:purpose': context.purpose,
      },
    });
    expect(await failureOf(vault.decrypt(result, context))).toBe('CANNOT_DECRYPT');
  });

  it('refuses a value without key commitment', async () => {
    const { encrypt } = buildEncrypt('FORBID_ENCRYPT_ALLOW_DECRYPT' as never);
    const { result } = await encrypt(keyringOf(OLD), SECRET, {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256,
      encryptionContext: {
        'switchboard:account': context.accountId,
        'switchboard:service': context.serviceId,
        'switchboard:purpose': context.purpose,
      },
    });
    expect(await failureOf(vault.decrypt(result, context))).toBe('CANNOT_DECRYPT');
  });

  it('refuses a value of another suite, whose signature nobody here made', async () => {
    const { result } = await buildEncrypt().encrypt(keyringOf(OLD), SECRET, {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
      encryptionContext: {
        'switchboard:account': context.accountId,
        'switchboard:service': context.serviceId,
        'switchboard:purpose': context.purpose,
      },
    });
    expect(await failureOf(vault.decrypt(result, context))).toBe('CANNOT_DECRYPT');
  });

  it('has no use for a KMS key', async () => {
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000';
    expect(await failureOf(vault.encrypt(SECRET, context, arn))).toBe('KEY_NOT_ALLOWED');
  });
});

describe('rotation', () => {
  it('reads what an older key wrote, and writes with the new one', async () => {
    const rotated = createKeyFileVault({ keys: [NEW, OLD] });
    const before = await vault.encrypt(SECRET, context);
    expect(await rotated.decrypt(before, context)).toBe(SECRET);
    expect(needsReencryption(before, NEW.id)).toBe(true);

    const after = await rotated.encrypt(await rotated.decrypt(before, context), context);
    expect(needsReencryption(after, NEW.id)).toBe(false);
    expect(await createKeyFileVault({ keys: [NEW] }).decrypt(after, context)).toBe(SECRET);
    expect(await failureOf(vault.decrypt(after, context))).toBe('CANNOT_DECRYPT');
  });

  it('takes no id that merely begins like the current one', async () => {
    const sealed = await vault.encrypt(SECRET, context);
    expect(needsReencryption(sealed, OLD.id.slice(0, 15))).toBe(true);
    expect(needsReencryption(sealed, `${OLD.id}a`)).toBe(true);
  });

  it.each(['', 'no header', '\u0002\u0004\u0078'])('refuses to judge %j', text => {
    expect(() => needsReencryption(Buffer.from(text), OLD.id)).toThrow(VaultError);
  });
});

function keyringOf({ id, material }: VaultKey): RawAesKeyringNode {
  return new RawAesKeyringNode({
    keyName: id,
    keyNamespace: 'switchboard-key-file',
    unencryptedMasterKey: Uint8Array.from(material),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}

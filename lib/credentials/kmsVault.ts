import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { open, seal } from './envelope.ts';
import { kmsFailure } from './kmsFailure.ts';
import { type KmsFault, KmsKeyring, kmsCalls } from './kmsKeyring.ts';
import { type Vault, VaultError } from './vault.ts';

export interface KmsVaultOptions {
  /** ARN of the deployment's key or alias. Its account, partition and region bound every key in use. */
  defaultKeyArn: string;
  /** Laid over the client's own settings: endpoint, credentials. */
  clientConfig?: KMSClientConfig;
}

// KMS answers in some 10 ms; the times leave room for a slow TLS handshake within a request's 20 s budget.
const CONNECTION_TIMEOUT_MS = 2000;
const REQUEST_TIMEOUT_MS = 3000;
// One try and two more: rides out a throttled moment, ends before the caller gives up.
const MAX_ATTEMPTS = 3;

/**
 * A vault over AWS KMS. Decryption is by discovery, filtered by account, partition and region: registrations
 * bring keys of their own, so a strict keyring would need every key that was ever in use. What a forged
 * header could gain is bounded by the filter, by IAM (keys tagged `switchboard=allowed`), and by the context.
 */
export function createKmsVault({ defaultKeyArn, clientConfig }: KmsVaultOptions): Vault {
  const home = parseKeyArn(defaultKeyArn);
  if (!home) throw new Error('defaultKeyArn must be the ARN of a KMS key or alias');
  const client = new KMSClient({
    region: home.region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...clientConfig,
  });
  // One client, one region: a header cannot choose the host that is called.
  const supplier = (calls: ReturnType<typeof kmsCalls>) => (region: string) =>
    region === home.region && calls;
  return {
    async encrypt(plaintext, context, kmsKeyArn) {
      if (kmsKeyArn !== undefined) assertAllowed(kmsKeyArn, home);
      const generatorKeyId = kmsKeyArn ?? defaultKeyArn;
      return await withFaults(client, calls =>
        seal(new KmsKeyring({ clientProvider: supplier(calls), generatorKeyId }), plaintext, context),
      );
    },
    async decrypt(ciphertext, context) {
      const discoveryFilter = { accountIDs: [home.accountId], partition: home.partition };
      return await withFaults(client, calls =>
        open(
          new KmsKeyring({ clientProvider: supplier(calls), discovery: true, discoveryFilter }),
          ciphertext,
          context,
        ),
      );
    },
  };
}

interface KeyArn {
  partition: string;
  region: string;
  accountId: string;
}

const KEY_ARN = /^arn:(aws[a-zA-Z-]*):kms:([a-z0-9-]+):([0-9]{12}):(?:key|alias)\/[a-zA-Z0-9/_-]+$/;

function parseKeyArn(arn: string): KeyArn | undefined {
  const [, partition, region, accountId] = KEY_ARN.exec(arn) ?? [];
  return partition && region && accountId ? { partition, region, accountId } : undefined;
}

function assertAllowed(kmsKeyArn: string, home: KeyArn): void {
  const key = parseKeyArn(kmsKeyArn);
  if (!key) throw new VaultError('KEY_NOT_ALLOWED', 'This is not the ARN of a KMS key.', kmsKeyArn);
  if (key.accountId !== home.accountId || key.partition !== home.partition) {
    const message = `The KMS key must belong to account ${home.accountId}, where this deployment runs.`;
    throw new VaultError('KEY_NOT_ALLOWED', message, kmsKeyArn);
  }
  if (key.region !== home.region) {
    const message = `The KMS key must be in ${home.region}, where this deployment runs.`;
    throw new VaultError('KEY_NOT_ALLOWED', message, kmsKeyArn);
  }
}

/** Runs one operation with calls of its own, so that concurrent ones never see each other's faults. */
async function withFaults<T>(
  client: KMSClient,
  operation: (calls: ReturnType<typeof kmsCalls>) => Promise<T>,
): Promise<T> {
  const faults: KmsFault[] = [];
  try {
    return await operation(kmsCalls(client, fault => faults.push(fault)));
  } catch (error) {
    throw faults[0] ? kmsFailure(faults[0]) : error;
  }
}

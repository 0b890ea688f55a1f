import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { loadConfig } from '../../../lib/config.ts';
import type { OAuthClientCredential, OAuthCodeCredential } from '../../../lib/credentials/credential.ts';
import { serializeCredential } from '../../../lib/credentials/credential.ts';
import { createKeyFileVault } from '../../../lib/credentials/keyFileVault.ts';
import type { Egress } from '../../../lib/egress/types.ts';
import type { StoredTokenDeps } from '../../../lib/oauth/refreshStored.ts';
import { type TokenPlace, tokenWrite } from '../../../lib/oauth/tokenItem.ts';
import type { TokenSet } from '../../../lib/oauth/types.ts';
import { keys } from '../../../lib/store/keys.ts';
import { transact } from '../../../lib/store/transact.ts';
import { put } from '../../../lib/store/write.ts';
import { vaultTestKey } from '../vaultTestKey.ts';
import { REDIRECT_URI, type TestClient } from './clients.ts';

/** Dependencies as a process has them, over a real engine and the real egress. */
export function tokenDeps(
  store: DynamoDBDocumentClient,
  tableName: string,
  egress: Egress,
  now: () => number = Date.now,
): StoredTokenDeps {
  return {
    config: loadConfig({ AWS_REGION: 'us-east-1', TABLE_NAME: tableName }),
    store,
    vault: createKeyFileVault({ keys: [vaultTestKey()] }),
    egress,
    pageTokens: { mint: () => '', read: () => '' },
    now,
    newId: at => v7({ msecs: at }),
    random: Math.random,
    sleep: async ms => void (await sleep(ms)),
    measure: () => {},
    log: () => {},
  };
}

/** A credential for a test client: with a consent to be had at `authorizationUrl`, or by itself. */
export function codeCredential(
  client: TestClient,
  exchangeUrl: string,
  resource?: string,
): OAuthCodeCredential {
  return {
    kind: 'oauth-3lo',
    ...client,
    authorizationUrl: REDIRECT_URI,
    exchangeUrl,
    scopes: ['mcp:read'],
    exchangeParameters: {},
    supportCodeChallenge: true,
    ...(resource === undefined ? {} : { resource }),
  };
}

export function clientCredential(client: Required<TestClient>, exchangeUrl: string): OAuthClientCredential {
  return {
    kind: 'oauth-client-credentials',
    ...client,
    exchangeUrl,
    scopes: ['mcp:read'],
    exchangeParameters: {},
  };
}

/** Puts a registration into the table as far as tokens need one. */
export async function storeService(
  place: TokenPlace,
  credential: OAuthClientCredential | OAuthCodeCredential,
  tokens: TokenSet | undefined,
  deps: StoredTokenDeps,
): Promise<void> {
  const { accountId, serviceId } = place;
  const table = deps.config.tableName;
  const text = serializeCredential(credential);
  const ciphertext = await deps.vault.encrypt(text, { accountId, serviceId, purpose: 'credential' });
  const service = {
    serviceId,
    endpoint: 'https://mcp.example/mcp',
    authorizationMethod: credential.kind,
    validationStatus: 'valid',
    report: { valid: true, steps: [], durationMs: 1 },
    version: 1,
  };
  const clauses = [
    put(table, keys.service(accountId, serviceId), service),
    put(table, keys.credential(accountId, serviceId), { ciphertext }),
    ...(tokens ? [(await tokenWrite(place, tokens, deps)).clause] : []),
  ];
  await transact(deps.store, clauses, deps);
}

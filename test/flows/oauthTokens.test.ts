import { inspect } from 'node:util';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Egress } from '../../lib/egress/types.ts';
import { McpError } from '../../lib/mcp/mcpError.ts';
import type { Sample } from '../../lib/metrics/measure.ts';
import { noteLostConsent } from '../../lib/oauth/consentLost.ts';
import { LEASE_MS, type LeaseItem, takeLease } from '../../lib/oauth/lease.ts';
import type { StoredTokenDeps } from '../../lib/oauth/refreshStored.ts';
import { createStoredTokens } from '../../lib/oauth/storedTokens.ts';
import { type TokenItem, type TokenPlace, tokenRemovals, tokenWrite } from '../../lib/oauth/tokenItem.ts';
import { TOKEN_REQUEST_TIMEOUT_MS } from '../../lib/oauth/tokenRequest.ts';
import type { TokenSet } from '../../lib/oauth/types.ts';
import type { ServiceItem } from '../../lib/services/serviceItem.ts';
import { keys } from '../../lib/store/keys.ts';
import { transact } from '../../lib/store/transact.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type AuthorizationServer, startAuthorizationServer } from '../support/oauth/authorizationServer.ts';
import { CLIENT_SECRET, CLIENTS } from '../support/oauth/clients.ts';
import { consentedGrant, oauthClient } from '../support/oauth/consentedGrant.ts';
import { clientCredential, codeCredential, storeService, tokenDeps } from '../support/oauth/storedService.ts';
import { loopbackEgress } from './validationSupport.ts';

const ACCOUNT = '111122223333';
const LIFE_MS = 100_000;

let engine: TestEngine;
let server: AuthorizationServer;
let egress: Egress;
let deps: StoredTokenDeps;
/** Moved by tests; the authorization server goes by the real time. */
let clock = 0;
let number = 0;

beforeAll(async () => {
  engine = await startTestEngine();
  server = await startAuthorizationServer({ accessTokenSeconds: LIFE_MS / 1000 });
  egress = await loopbackEgress();
  deps = tokenDeps(engine.client, engine.tableName, egress, () => Date.now() + clock);
});

afterEach(() => {
  clock = 0;
  server.setFault(undefined);
});

afterAll(async () => {
  await egress.close();
  await Promise.all([server.close(), engine.stop()]);
});

/** A registration whose person has consented. */
async function consented(): Promise<{ place: TokenPlace; tokens: TokenSet }> {
  const place = { accountId: ACCOUNT, serviceId: `mcpserver-${++number}` };
  const client = oauthClient(server, CLIENTS.public, { scopes: ['mcp:read'] });
  const { tokens } = await consentedGrant(server, client, { accountId: ACCOUNT, egress, now: deps.now });
  await storeService(place, codeCredential(CLIENTS.public, server.tokenUrl), tokens, deps);
  return { place, tokens };
}

/** A registration that gets tokens by itself, none of them yet. */
async function selfServing(): Promise<TokenPlace> {
  const place = { accountId: ACCOUNT, serviceId: `mcpserver-${++number}` };
  await storeService(place, clientCredential(CLIENTS.confidential, server.tokenUrl), undefined, deps);
  return place;
}

/** As if in a process of its own: with its own memory. */
const holder = (place: TokenPlace, more: Partial<StoredTokenDeps> = {}) =>
  createStoredTokens({ ...deps, ...more }).holder(place);

async function item<T>(key: object): Promise<T | undefined> {
  const { Item } = await engine.client.send(
    new GetCommand({ TableName: engine.tableName, Key: key, ConsistentRead: true }),
  );
  return Item as T | undefined;
}

const tokenItem = ({ accountId, serviceId }: TokenPlace) => item<TokenItem>(keys.token(accountId, serviceId));
const leaseItem = ({ accountId, serviceId }: TokenPlace) => item(keys.lease(accountId, serviceId));
const granted = (kind: string) => server.counts.granted[kind] ?? 0;

async function failureOf(work: Promise<unknown>): Promise<McpError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof McpError) return outcome;
  throw new Error(`no McpError: ${inspect(outcome)}`);
}

async function events(serviceId: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await engine.client.send(new ScanCommand({ TableName: engine.tableName }));
  return Items.filter(({ record }) => record?.includes(`"${serviceId}"`)).map(({ record }) =>
    JSON.parse(record),
  );
}

/** An account of the table's requests. */
function counting() {
  let reads = 0;
  const store = Object.create(engine.client, {
    send: {
      value: (command: GetCommand) => {
        if (command instanceof GetCommand) reads++;
        return engine.client.send(command);
      },
    },
  });
  return { store, reads: () => reads };
}

describe('stored tokens', () => {
  it('are used as they are, for 5 s without a look, then after one', async () => {
    const { place, tokens } = await consented();
    const { store, reads } = counting();
    const held = holder(place, { store });
    const uses = () => Promise.all(Array.from({ length: 50 }, () => held.current()));
    for (const used of await uses()) expect(used).toEqual(tokens);
    expect(reads()).toBe(1);
    clock += 4_000;
    await uses();
    expect(reads()).toBe(1);
    clock += 1_500;
    await uses();
    expect(reads()).toBe(2);
    expect(held.secrets()).toEqual([tokens.accessToken, tokens.refreshToken]);
  });

  it('are encrypted in the table', async () => {
    const { place, tokens } = await consented();
    const stored = await tokenItem(place);
    const bytes = Buffer.from(stored?.ciphertext ?? []).toString('latin1');
    for (const secret of [tokens.accessToken, tokens.refreshToken ?? 'none']) {
      expect(bytes + JSON.stringify(stored)).not.toContain(secret);
    }
    expect(stored?.expiresAtMs).toBe(tokens.expiresAt);
  });

  it('are refreshed once when 5 % of their life is left, by two processes with 50 callers each', async () => {
    const { place, tokens } = await consented();
    const before = granted('refresh_token');
    const held = [holder(place), holder(place)];
    const use = () => Promise.all(Array.from({ length: 100 }, (_, n) => held[n % 2]?.current()));
    clock = LIFE_MS * 0.95 - 2_000;
    for (const used of await use()) expect(used?.accessToken).toBe(tokens.accessToken);
    expect(granted('refresh_token')).toBe(before);
    clock = LIFE_MS * 0.95 + 2_000;
    const used = new Set((await use()).map(each => each?.accessToken));
    expect([...used]).not.toContain(tokens.accessToken);
    expect(used.size).toBe(1);
    expect(granted('refresh_token')).toBe(before + 1);
    expect(server.counts.revoked).toBe(0);
    expect(await leaseItem(place)).toBeUndefined();
  });

  it('are replaced once after a 401, however many callers were refused', async () => {
    const { place, tokens } = await consented();
    const before = granted('refresh_token');
    const held = [holder(place), holder(place)];
    await Promise.all(held.map(each => each.current()));
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => held[n % 2]?.replace(tokens)));
    expect(new Set(outcomes)).toEqual(new Set([true]));
    expect(granted('refresh_token')).toBe(before + 1);
    const [one, other] = await Promise.all(held.map(each => each.current()));
    expect(one).toEqual(other);
    expect(one?.accessToken).not.toBe(tokens.accessToken);
    // The replacement is refused too: asking again would help nobody.
    expect(one && (await held[0]?.replace(one))).toBe(false);
    expect(granted('refresh_token')).toBe(before + 1);
  });

  it('yield within 5 s to those that another credential brought', async () => {
    const { place } = await consented();
    const held = holder(place);
    await held.current();
    const { clause } = await tokenWrite(place, { accessToken: 'rotated' }, deps);
    await transact(deps.store, [clause], deps);
    clock = 5_001;
    expect(await held.current()).toEqual({ accessToken: 'rotated' });
  });

  it('survive an outage of the authorization server while they last', async () => {
    const { place, tokens } = await consented();
    const held = holder(place);
    server.setFault('serverError');
    clock = LIFE_MS * 0.95 - 500;
    // Eight seconds of a life of 160 are left.
    const long = { ...tokens, expiresAt: deps.now() + 8_000 };
    const { clause } = await tokenWrite(place, { ...long, expiresAt: deps.now() + 160_000 }, deps);
    await transact(deps.store, [clause], deps);
    clock += 152_500;
    expect((await held.current()).accessToken).toBe(tokens.accessToken);
    clock += 8_000;
    expect((await failureOf(held.current())).code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    server.setFault(undefined);
    expect((await held.current()).accessToken).not.toBe(tokens.accessToken);
  });
});

describe('client credentials', () => {
  it('are exchanged when the first caller needs a token, once across processes, and again when it ends', async () => {
    const place = await selfServing();
    const before = granted('client_credentials');
    const held = [holder(place), holder(place)];
    const use = async () =>
      new Set(
        (await Promise.all(Array.from({ length: 60 }, (_, n) => held[n % 2]?.current()))).map(
          tokens => tokens?.accessToken,
        ),
      );
    const first = await use();
    expect(first.size).toBe(1);
    expect(granted('client_credentials')).toBe(before + 1);
    clock = LIFE_MS;
    const second = await use();
    expect(second.size).toBe(1);
    expect(second).not.toEqual(first);
    expect(granted('client_credentials')).toBe(before + 2);
  });

  it('that are replaced during the exchange do not leave a token of the old ones behind', async () => {
    const place = await selfServing();
    let swapped = false;
    const vault = {
      ...deps.vault,
      // Between the grant and its write.
      encrypt: async (...args: Parameters<typeof deps.vault.encrypt>) => {
        if (!swapped) {
          swapped = true;
          const next = clientCredential(CLIENTS.limited, server.tokenUrl);
          await storeService(place, next, undefined, deps);
        }
        return deps.vault.encrypt(...args);
      },
    };
    const { accessToken } = await holder(place, { vault }).current();
    const token = await server.provider.ClientCredentials.find(accessToken);
    expect(token?.clientId).toBe(CLIENTS.limited.clientId);
  });

  it('that are refused leave the registration as it is, and the lease free', async () => {
    const place = { accountId: ACCOUNT, serviceId: `mcpserver-${++number}` };
    const wrong = { ...CLIENTS.confidential, clientSecret: 'wrong-canary-1' };
    await storeService(place, clientCredential(wrong, server.tokenUrl), undefined, deps);
    const error = await failureOf(holder(place).current());
    expect(error.code).toBe('TOKEN_CLIENT_REJECTED');
    expect(error.message).not.toContain('wrong-canary');
    expect(await leaseItem(place)).toBeUndefined();
    expect(await tokenItem(place)).toBeUndefined();
  });
});

describe('a consent that is lost', () => {
  it('marks the service, leaves one event, and is not asked for again', async () => {
    const { place, tokens } = await consented();
    const grantId = (await server.provider.AccessToken.find(tokens.accessToken))?.grantId ?? '';
    await server.provider.RefreshToken.revokeByGrantId(grantId);
    const refusedBefore = server.counts.refused.refresh_token ?? 0;
    clock = LIFE_MS;
    const held = [holder(place), holder(place)];
    for (const each of held) {
      const uses = Array.from({ length: 20 }, () => failureOf(each.current()));
      for (const error of await Promise.all(uses)) expect(error.code).toBe('CONSENT_REQUIRED');
    }
    expect((server.counts.refused.refresh_token ?? 0) - refusedBefore).toBe(1);
    const service = await item(keys.service(ACCOUNT, place.serviceId));
    expect(service).toMatchObject({ validationStatus: 'invalid', version: 1 });
    expect(service).not.toHaveProperty('report');
    const recorded = await events(place.serviceId);
    expect(recorded).toHaveLength(1);
    expect(recorded[0]).toMatchObject({
      eventName: 'RefreshAccessToken',
      errorCode: 'CONSENT_REQUIRED',
      readOnly: false,
      userIdentity: { type: 'AWSService' },
      additionalEventData: { endpoint: 'https://mcp.example/mcp' },
      resources: [{ type: 'AWS::DevOpsAgent::Service' }],
    });
    const text = JSON.stringify(recorded);
    for (const secret of Object.values(tokens)) expect(text).not.toContain(String(secret));
    expect(await leaseItem(place)).toBeUndefined();
  });

  it('comes back with the tokens of a new one', async () => {
    const { place } = await consented();
    server.setFault('invalidGrant', 1);
    clock = LIFE_MS;
    const held = holder(place);
    expect((await failureOf(held.current())).code).toBe('CONSENT_REQUIRED');
    const { clause } = await tokenWrite(place, { accessToken: 'after-consent' }, deps);
    await transact(deps.store, [clause], deps);
    expect((await held.current()).accessToken).toBe('after-consent');
  });

  it('is not concluded from a 401 where there is no refresh token to ask with', async () => {
    const place = { accountId: ACCOUNT, serviceId: `mcpserver-${++number}` };
    const tokens = { accessToken: 'alone', expiresAt: deps.now() + LIFE_MS };
    await storeService(place, codeCredential(CLIENTS.public, server.tokenUrl), tokens, deps);
    const held = holder(place);
    expect((await failureOf(held.replace(await held.current()))).code).toBe('CONSENT_REQUIRED');
    expect((await held.current()).accessToken).toBe('alone');
    expect(await events(place.serviceId)).toEqual([]);
  });
});

describe('a consent that nobody uses', () => {
  /** As the health check of a server that is disabled does. */
  async function noted(place: TokenPlace, more: Partial<StoredTokenDeps> = {}) {
    const { accountId, serviceId } = place;
    const asked = server.requests.length;
    const service = await item<ServiceItem>(keys.service(accountId, serviceId));
    if (!service) throw new Error('No service');
    await noteLostConsent(place, service, { ...deps, ...more });
    expect(server.requests).toHaveLength(asked);
    const after = await item<ServiceItem>(keys.service(accountId, serviceId));
    return [after?.validationStatus, (await events(serviceId)).length];
  }
  const outdated = () => ({ config: { ...deps.config, tokensValidFrom: deps.now() + 1 } });

  async function withoutRefreshToken(more: Partial<TokenSet>): Promise<TokenPlace> {
    const place = { accountId: ACCOUNT, serviceId: `mcpserver-${++number}` };
    const tokens = { accessToken: 'alone', ...more };
    await storeService(place, codeCredential(CLIENTS.public, server.tokenUrl), tokens, deps);
    return place;
  }

  it('is noted as lost, once, where it is from before TOKENS_VALID_FROM', async () => {
    const { place } = await consented();
    expect(await noted(place)).toEqual(['valid', 0]);
    expect(await noted(place, outdated())).toEqual(['invalid', 1]);
    expect(await noted(place, outdated())).toEqual(['invalid', 1]);
    const [event] = await events(place.serviceId);
    expect(event).toMatchObject({
      eventName: 'RefreshAccessToken',
      errorCode: 'CONSENT_REQUIRED',
      errorMessage: expect.stringContaining('TOKENS_VALID_FROM'),
    });
    expect((await failureOf(holder(place).current())).code).toBe('CONSENT_REQUIRED');
  });

  it('is noted as lost where its token has ended and nothing can renew it', async () => {
    const place = await withoutRefreshToken({ expiresAt: deps.now() + LIFE_MS });
    expect(await noted(place)).toEqual(['valid', 0]);
    clock = LIFE_MS;
    expect(await noted(place)).toEqual(['invalid', 1]);
  });

  it('is left alone where it may be good: only asking would tell', async () => {
    const { place } = await consented();
    const endless = await withoutRefreshToken({});
    clock = 10 * LIFE_MS;
    expect(await noted(place)).toEqual(['valid', 0]);
    expect(await noted(endless)).toEqual(['valid', 0]);
  });

  it('is none where a client asks for itself', async () => {
    const place = await selfServing();
    await holder(place).current();
    expect(await noted(place, outdated())).toEqual(['valid', 0]);
  });

  it('is not lost where a new one comes at that moment', async () => {
    const { place } = await consented();
    const { clause } = await tokenWrite(place, { accessToken: 'after-consent' }, deps);
    const send: typeof deps.store.send = async (command: never) => {
      const answer = await deps.store.send(command);
      if ((command as unknown) instanceof GetCommand) await transact(deps.store, [clause], deps);
      return answer;
    };
    const store = Object.create(engine.client, { send: { value: send } });
    expect(await noted(place, { ...outdated(), store })).toEqual(['valid', 0]);
    expect((await holder(place).current()).accessToken).toBe('after-consent');
  });
});

it('counts tokens that were renewed and that could not be, and not those that were good', async () => {
  const place = await selfServing();
  const counted: Sample[] = [];
  const measure = (sample: Sample) => void counted.push(sample);
  await holder(place, { measure }).current();
  await holder(place, { measure }).current();
  clock = LIFE_MS;
  server.setFault('invalidGrant', 1);
  await failureOf(holder(place, { measure }).current());
  expect(counted).toEqual([
    { kind: 'tokenRefresh', ok: true },
    { kind: 'tokenRefresh', ok: false },
  ]);
});

describe('tokens of before TOKENS_VALID_FROM', () => {
  const epochIn = (ms: number) => ({ config: { ...deps.config, tokensValidFrom: deps.now() + ms } });

  it('are not used, and nothing is asked with them', async () => {
    const { place } = await consented();
    const asked = server.tokenRequests().length;
    const later = holder(place, epochIn(1));
    for (const use of [later.current(), later.current()]) {
      expect((await failureOf(use)).code).toBe('CONSENT_REQUIRED');
    }
    expect(server.tokenRequests()).toHaveLength(asked);
    const [event, ...others] = await events(place.serviceId);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ errorMessage: expect.stringContaining('TOKENS_VALID_FROM') });
    expect(await leaseItem(place)).toBeUndefined();
  });

  it('are those that do not tell when they were got, too', async () => {
    const { place } = await consented();
    const stored = await tokenItem(place);
    await engine.client.send(
      new PutCommand({ TableName: engine.tableName, Item: { ...stored, version: 'of no time' } }),
    );
    expect((await failureOf(holder(place).current())).code).toBe('CONSENT_REQUIRED');
  });

  it('are got anew by a client that asks for itself', async () => {
    const place = await selfServing();
    const first = await holder(place).current();
    const later = epochIn(1);
    clock += 1_000;
    const second = await holder(place, later).current();
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await holder(place, later).current()).toEqual(second);
  });
});

describe('the lease', () => {
  it('outlives the token request', () => {
    expect(LEASE_MS).toBeGreaterThan(TOKEN_REQUEST_TIMEOUT_MS);
  });

  it('of a process that died is waited out, then taken over', async () => {
    const { place, tokens } = await consented();
    // Taken as if almost all of it had passed.
    await takeLease(place, { ...deps, now: () => deps.now() + LIFE_MS - LEASE_MS + 1_500 });
    clock = LIFE_MS;
    const before = granted('refresh_token');
    expect((await holder(place).current()).accessToken).not.toBe(tokens.accessToken);
    expect(granted('refresh_token')).toBe(before + 1);
  });

  it('is not waited for while the token at hand is good', async () => {
    const { place, tokens } = await consented();
    const { clause } = await tokenWrite(place, { ...tokens, expiresAt: deps.now() + 300_000 }, deps);
    await transact(deps.store, [clause], deps);
    await takeLease(place, { ...deps, now: () => deps.now() + 290_000 });
    clock = 290_000;
    expect((await holder(place).current()).accessToken).toBe(tokens.accessToken);
  });

  it('of a slow reader is given back, and the request begins under a whole one', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    let isSlow = true;
    const vault = {
      ...deps.vault,
      decrypt: async (...args: Parameters<typeof deps.vault.decrypt>) => {
        const lease = await leaseItem(place);
        if (lease && isSlow) {
          isSlow = false;
          clock += LEASE_MS / 2;
        }
        return deps.vault.decrypt(...args);
      },
    };
    const left: number[] = [];
    const watched: Egress = {
      ...egress,
      fetchFor: options => async (input, init) => {
        left.push(((await leaseItem(place)) as LeaseItem).untilMs - deps.now());
        return egress.fetchFor(options)(input, init);
      },
    };
    await holder(place, { vault, egress: watched }).current();
    expect(isSlow).toBe(false);
    expect(left).toHaveLength(1);
    // All but what reading may take.
    expect(left[0]).toBeGreaterThan(LEASE_MS - 3_000);
  });

  it('that ran out under a slow holder loses neither its tokens nor the lease of the next', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    let late = false;
    const vault = {
      ...deps.vault,
      encrypt: async (...args: Parameters<typeof deps.vault.encrypt>) => {
        late = (await takeLease(place, { ...deps, now: () => deps.now() + LEASE_MS + 1_000 })) !== undefined;
        return deps.vault.encrypt(...args);
      },
    };
    const { accessToken } = await holder(place, { vault }).current();
    expect(late).toBe(true);
    expect(await leaseItem(place)).toBeDefined();
    expect((await holder(place).current()).accessToken).toBe(accessToken);
  });
});

describe('a refresh that others overtake', () => {
  /** The egress, with something happening after each answer of the token endpoint. */
  const afterAnswer = (happens: () => Promise<void>): Egress => ({
    ...egress,
    fetchFor: options => async (input, init) => {
      const response = await egress.fetchFor(options)(input, init);
      await happens();
      return response;
    },
  });
  const consentAgain = async (place: TokenPlace) => {
    const { clause } = await tokenWrite(place, { accessToken: 'of-the-new-consent' }, deps);
    await transact(deps.store, [clause], deps);
  };

  it('does not discard their tokens', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    const held = holder(place, { egress: afterAnswer(() => consentAgain(place)) });
    expect((await held.current()).accessToken).toBe('of-the-new-consent');
    expect((await holder(place).current()).accessToken).toBe('of-the-new-consent');
    expect(await leaseItem(place)).toBeUndefined();
  });

  it('does not take the new consent for lost when the old one is refused', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    server.setFault('invalidGrant', 1);
    const held = holder(place, { egress: afterAnswer(() => consentAgain(place)) });
    expect((await held.current()).accessToken).toBe('of-the-new-consent');
    const service = await item(keys.service(ACCOUNT, place.serviceId));
    expect(service).toMatchObject({ validationStatus: 'valid' });
    expect(await events(place.serviceId)).toEqual([]);
  });

  it('sees, holding the lease, that another was faster', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    const before = granted('refresh_token');
    let faster: TokenSet | undefined;
    const store = Object.create(engine.client, {
      send: {
        value: async (command: { constructor: { name: string } }) => {
          if (command.constructor.name === 'PutCommand') faster ??= await holder(place).current();
          return engine.client.send(command as never);
        },
      },
    });
    expect(await holder(place, { store }).current()).toEqual(faster);
    expect(granted('refresh_token')).toBe(before + 1);
  });
});

describe('a refresh that does not get through', () => {
  it('writes the tokens once the table is back', async () => {
    const { place, tokens } = await consented();
    clock = LIFE_MS;
    let failures = 2;
    const store = Object.create(engine.client, {
      send: {
        value: (command: { constructor: { name: string } }) => {
          if (command.constructor.name === 'TransactWriteCommand' && failures-- > 0) {
            return Promise.reject(new Error('the table is away'));
          }
          return engine.client.send(command as never);
        },
      },
    });
    const got = await holder(place, { store }).current();
    expect(got.accessToken).not.toBe(tokens.accessToken);
    expect((await holder(place).current()).accessToken).toBe(got.accessToken);
  });

  it('whose answer is lost ends in one consent, not in a loop', async () => {
    const { place } = await consented();
    clock = LIFE_MS;
    server.setFault('losesAnswer', 1);
    const held = holder(place);
    expect((await failureOf(held.current())).code).toBe('TOKEN_ENDPOINT_UNREACHABLE');
    expect((await failureOf(held.current())).code).toBe('CONSENT_REQUIRED');
    expect((await failureOf(held.current())).code).toBe('CONSENT_REQUIRED');
    expect(await events(place.serviceId)).toHaveLength(1);
  });

  it('leaves nothing behind where the service was deregistered meanwhile', async () => {
    const place = await selfServing();
    const vault = {
      ...deps.vault,
      encrypt: async (...args: Parameters<typeof deps.vault.encrypt>) => {
        const { accountId, serviceId } = place;
        const gone = [keys.service(accountId, serviceId), keys.credential(accountId, serviceId)].map(Key => ({
          item: { Delete: { TableName: engine.tableName, Key } },
        }));
        const removals = tokenRemovals(engine.tableName, accountId, serviceId);
        await transact(deps.store, [...gone, ...removals], deps);
        return deps.vault.encrypt(...args);
      },
    };
    const error = await failureOf(holder(place, { vault }).current());
    expect(error.code).toBe('CREDENTIAL_REJECTED');
    expect(await tokenItem(place)).toBeUndefined();
    expect(await leaseItem(place)).toBeUndefined();
    expect(error.message).not.toContain(CLIENT_SECRET);
  });
});

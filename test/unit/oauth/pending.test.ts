import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmablePending,
  consentedPending,
  donePending,
  exchangedPending,
  exchangingPending,
  failedPending,
  type PendingItem,
  type PendingStatus,
  startedPending,
} from '../../../lib/oauth/pending.ts';
import { mintTicket } from '../../../lib/oauth/state.ts';
import { conditionFailed } from '../../../lib/store/conditionFailed.ts';
import { type Key, keys } from '../../../lib/store/keys.ts';
import { getItem } from '../../../lib/store/read.ts';
import { type TransactClause, transact } from '../../../lib/store/transact.ts';
import { update } from '../../../lib/store/write.ts';
import { type App, startApp } from '../../support/app.ts';
import { CALLER } from '../../support/oauth/consentApp.ts';

const AT = Date.UTC(2026, 10, 25);
const STATUSES: readonly PendingStatus[] = [
  'started',
  'consented',
  'exchanging',
  'exchanged',
  'done',
  'failed',
];
const TEN_MINUTES = 600;

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const write = (...clauses: TransactClause[]) => transact(app.deps.store, clauses, app.deps);
const read = (key: Key) => getItem<PendingItem>(app.deps, key);

async function pendingIn(status: PendingStatus): Promise<Key> {
  const table = app.deps.config.tableName;
  const ticket = mintTicket(CALLER.accountId);
  const pending = {
    kind: 'registration' as const,
    serviceId: 'mcpserver-1',
    caller: CALLER,
    requestId: 'r',
    server: { name: 'n', endpoint: 'https://mcp.example.com/mcp' },
    scopes: [],
    provider: 'https://auth.example.com',
    returnTo: 'https://console.example.com/',
    ciphertext: new Uint8Array([1]),
  };
  const key = keys.pending(ticket.accountId, ticket.hash);
  await write(startedPending(table, ticket, pending, AT));
  await write(update(table, key, { set: { status } }));
  return key;
}

const STEPS: Record<string, { from: PendingStatus[]; to: PendingStatus; step: typeof consentedPending }> = {
  'the consent page': {
    from: ['started', 'consented'],
    to: 'consented',
    step: (table, key) => consentedPending(table, key, 'hash'),
  },
  'taking the code': {
    from: ['consented'],
    to: 'exchanging',
    step: (table, key) => exchangingPending(table, key, AT),
  },
  'keeping the tokens': {
    from: ['exchanging'],
    to: 'exchanged',
    step: (table, key) => exchangedPending(table, key, new Uint8Array([2]), AT),
  },
  'asking the initiator': {
    from: ['exchanged'],
    to: 'exchanged',
    step: (table, key) => confirmablePending(table, key, 'hash'),
  },
  'the good end': { from: ['exchanged'], to: 'done', step: (table, key) => donePending(table, key, AT) },
};

describe.each(Object.entries(STEPS))('%s', (_name, { from, to, step }) => {
  it.each(STATUSES)('from %s', async status => {
    const key = await pendingIn(status);
    const before = await read(key);
    const outcome = await write(step(app.deps.config.tableName, key, '')).catch((error: unknown) => error);
    if (from.includes(status)) {
      expect(outcome).toBeUndefined();
      expect((await read(key))?.status).toBe(to);
    } else {
      expect(conditionFailed(outcome, 'pending')).toBeDefined();
      expect(await read(key)).toEqual(before);
    }
  });
});

it('is begun once', async () => {
  const ticket = mintTicket(CALLER.accountId);
  const begin = () =>
    write(startedPending(app.deps.config.tableName, ticket, {} as Parameters<typeof startedPending>[2], AT));
  await begin();
  await expect(begin()).rejects.toThrow('Condition failed: pending');
});

describe('either end', () => {
  it.each(['done', 'failed'] as const)('%s keeps no secret, and its outcome for ten minutes', async end => {
    const key = await pendingIn('exchanged');
    const table = app.deps.config.tableName;
    const later = AT + 300_000;
    await write(
      end === 'done'
        ? donePending(table, key, later)
        : failedPending(table, key, 'exchanged', 'conflict', later),
    );
    const item = await read(key);
    expect(item).toMatchObject({ status: end, expiresAt: later / 1000 + TEN_MINUTES });
    expect(item?.ciphertext).toBeUndefined();
  });

  it('is that of the status that was read', async () => {
    const key = await pendingIn('exchanging');
    const failed = failedPending(app.deps.config.tableName, key, 'consented', 'access_denied', AT);
    await expect(write(failed)).rejects.toThrow('Condition failed: pending');
  });
});

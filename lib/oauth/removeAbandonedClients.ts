import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ServerDeps } from '../services/serverDeps.ts';
import { holds } from '../store/conditional.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { getItem, queryItems } from '../store/read.ts';
import { transact } from '../store/transact.ts';
import { type Guard, present, remove } from '../store/write.ts';
import { parseManagement } from './clientManagement.ts';
import {
  ABANDONED_MS,
  type ClientLookItem,
  clientContext,
  lookAt,
  type RegisteredClientItem,
  registeredClientKey,
} from './registeredClient.ts';

/** Looks of one run: each may take {@link REMOVAL_TIMEOUT_MS}, all at once. */
const LOOKS = 20;
/** Milliseconds for the answer to one removal. */
const REMOVAL_TIMEOUT_MS = 5_000;
/** Bytes of an answer, which is empty, or an error's few words. */
const MAX_ANSWER_BYTES = 16_384;
/** Milliseconds after which a process that began a removal is taken for dead. */
const REMOVAL_LOST_MS = 60_000;
/** A server that is down for a day is not waited for: what it forgets to remove is its own. */
const MAX_TRIES = 24;
const RETRY_MS = 60 * 60_000;

/**
 * Removes clients that Switchboard registered and that no service uses, where they were registered (RFC 7592 §2.3),
 * as far as looks at them are due. Safe to run at any time, many times, in many processes. Answers how many went.
 */
export async function removeAbandonedClients(deps: ServerDeps): Promise<number> {
  const oldest = await queryItems<ClientLookItem>(deps, keys.clientLooks(), undefined, LOOKS);
  const now = new Date(deps.now()).toISOString();
  const outcomes = await Promise.allSettled(
    oldest.filter(({ sk }) => sk < now).map(look => lookAndRemove(look, deps)),
  );
  // One that cannot be looked at must not hold up the others.
  const failed = outcomes.find(outcome => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.filter(outcome => outcome.status === 'fulfilled' && outcome.value).length;
}

async function lookAndRemove(look: ClientLookItem, deps: ServerDeps): Promise<boolean> {
  const client = await getItem<RegisteredClientItem>(deps, registeredClientKey(look));
  const now = deps.now();
  // Whoever leaves a client that is in use has it looked at again.
  if (!client?.ciphertext || client.used > 0) return ended(look, deps);
  const due = client.begunAtMs + ABANDONED_MS;
  if (due > now) return later(look, due, look.tries, deps);
  // Another process is at it, or somebody begins with the client: the look stays, for the next run.
  if (!(await claim(look, client, deps))) return false;
  const isDone = await removeAtServer(look, client, deps);
  if (!isDone && look.tries < MAX_TRIES) return later(look, now + RETRY_MS, look.tries + 1, deps);
  await forget(look, deps);
  return true;
}

/** Takes the client out of use: no consent begins with it, and no service takes it, from here on. */
async function claim(look: ClientLookItem, { begunAtMs }: RegisteredClientItem, deps: ServerDeps) {
  const now = deps.now();
  return holds(
    deps.store.send(
      new UpdateCommand({
        TableName: deps.config.tableName,
        Key: registeredClientKey(look),
        UpdateExpression: 'SET removingAtMs = :now',
        ConditionExpression:
          'used = :none AND begunAtMs = :begun AND (attribute_not_exists(removingAtMs) OR removingAtMs < :lost)',
        ExpressionAttributeValues: {
          ':now': now,
          ':none': 0,
          ':begun': begunAtMs,
          ':lost': now - REMOVAL_LOST_MS,
        },
      }),
    ),
  );
}

/** Whether the server has answered for good: it removed the client, does not know it, or does not remove any. */
async function removeAtServer(
  look: ClientLookItem,
  { ciphertext }: RegisteredClientItem,
  { egress, vault, log }: ServerDeps,
): Promise<boolean> {
  const { accountId, tries } = look;
  const door = egress.fetchFor({
    accountId,
    redirects: 'none',
    maxResponseBytes: MAX_ANSWER_BYTES,
    headersTimeoutMs: REMOVAL_TIMEOUT_MS,
    signal: AbortSignal.timeout(REMOVAL_TIMEOUT_MS),
  });
  try {
    const { uri, token } = parseManagement(await vault.decrypt(ciphertext, clientContext(look)));
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await door(uri, { method: 'DELETE', headers });
    await body?.cancel();
    log('oauth client removal', { accountId, status, tries });
    return status < 500 && status !== 429;
  } catch (error) {
    log('oauth client removal', { accountId, error: error instanceof Error ? error.name : 'unknown', tries });
    return false;
  }
}

/** The client is gone: with it goes what is kept for new consents, where that is still this client. */
async function forget(look: ClientLookItem, deps: ServerDeps): Promise<void> {
  const { accountId, registration } = look;
  const table = deps.config.tableName;
  const [hash = ''] = registration.split('.');
  await holds(
    deps.store.send(
      new DeleteCommand({
        TableName: table,
        Key: { ...keys.oauthClient(accountId, hash) },
        ConditionExpression: 'registration = :gone',
        ExpressionAttributeValues: { ':gone': registration },
      }),
    ),
  );
  await transact(deps.store, [remove(table, registeredClientKey(look)), lookedAt(look, deps)], deps);
}

async function ended(look: ClientLookItem, deps: ServerDeps): Promise<false> {
  await transact(deps.store, [lookedAt(look, deps)], deps);
  return false;
}

/** Puts a look off, once: of several processes that do so, one leaves the next look behind. */
async function later(look: ClientLookItem, at: number, tries: number, deps: ServerDeps): Promise<false> {
  try {
    await transact(deps.store, [lookedAt(look, deps, present('look')), lookAt(look, at, deps, tries)], deps);
  } catch (error) {
    if (!conditionFailed(error, 'look')) throw error;
  }
  return false;
}

function lookedAt({ pk, sk }: ClientLookItem, { config }: ServerDeps, guard?: Guard) {
  return remove(config.tableName, { pk, sk }, guard);
}

import {
  confirmablePending,
  consentedPending,
  exchangedPending,
  exchangingPending,
  type PendingItem,
} from '../../../lib/oauth/pending.ts';
import { openPending, sealPending } from '../../../lib/oauth/pendingSecret.ts';
import { hashOf, mintConfirmation, readTicket } from '../../../lib/oauth/state.ts';
import type { ServerDeps } from '../../../lib/services/serverDeps.ts';
import { keys } from '../../../lib/store/keys.ts';
import { getItem } from '../../../lib/store/read.ts';
import { transact } from '../../../lib/store/transact.ts';

/**
 * Takes a consent to where its initiator has to complete it, as a browser and a provider would that grants
 * `accessToken`; answers with the confirmation.
 */
export async function waitingConsent(
  authorizationUrl: string,
  accessToken: string,
  deps: ServerDeps,
): Promise<string> {
  const ticket = readTicket(new URL(authorizationUrl).searchParams.get('ticket') ?? '');
  if (!ticket) throw new Error('No ticket');
  const { accountId, hash } = ticket;
  const key = keys.pending(accountId, hash);
  const pending = await getItem<PendingItem>(deps, key);
  if (!pending) throw new Error('No consent');
  const grant = { tokens: { accessToken }, authMethod: 'none' as const, warnings: [] };
  const secret = { ...(await openPending(pending, deps.vault)), grant };
  const ciphertext = await sealPending(secret, { ...pending, accountId }, deps.vault);
  const confirmation = mintConfirmation(hash);
  const table = deps.config.tableName;
  for (const step of [
    consentedPending(table, key, hashOf('browser')),
    exchangingPending(table, key, deps.now()),
    exchangedPending(table, key, ciphertext, deps.now()),
    confirmablePending(table, key, hashOf(confirmation.secret)),
  ]) {
    await transact(deps.store, [step], deps);
  }
  return confirmation.token;
}

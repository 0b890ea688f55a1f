import { ownEvent } from '../audit/ownEvent.ts';
import type { Deps } from '../context.ts';
import type { Vault } from '../credentials/vault.ts';
import { serviceResource } from '../identity/arn.ts';
import { failure, type McpError } from '../mcp/mcpError.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';
import { transact } from '../store/transact.ts';
import { present, put, update } from '../store/write.ts';
import { notRefreshable } from './refresh.ts';
import { areOutdated, openTokens, sameTokens, type TokenItem, type TokenPlace } from './tokenItem.ts';

/**
 * A consent is no longer good: in one transaction the dead tokens go, the registration turns `invalid`, and one audit
 * event says why. Until a person consents again, nothing more is asked of the authorization server.
 * @returns `false` where others have changed the tokens: then theirs count, and nothing is written
 */
export async function loseConsent(
  place: TokenPlace,
  service: ServiceItem,
  read: TokenItem | undefined,
  reason: McpError,
  deps: Deps,
): Promise<boolean> {
  const { accountId, serviceId } = place;
  const { tableName: table } = deps.config;
  const dead = { version: deps.newId(deps.now()), consentRequired: true };
  const clauses = [
    put(table, keys.token(accountId, serviceId), dead, sameTokens(read)),
    update(
      table,
      keys.service(accountId, serviceId),
      // What the last validation found is no longer so.
      { set: { validationStatus: 'invalid', report: undefined } },
      present('service'),
    ),
    ...event(place, service, reason, deps),
  ];
  try {
    await transact(deps.store, clauses, deps);
    return true;
  } catch (error) {
    if (conditionFailed(error, 'token')) return false;
    throw error;
  }
}

/**
 * Writes down that a consent is lost where that can be told without asking anybody: of a server that is switched off,
 * say, which nobody is to ask.
 */
export async function noteLostConsent(
  place: TokenPlace,
  service: ServiceItem,
  deps: Deps & { vault: Vault },
): Promise<void> {
  if (service.authorizationMethod !== 'oauth-3lo') return;
  const item = await getItem<TokenItem>(deps, keys.token(place.accountId, place.serviceId));
  if (!item || item.consentRequired) return;
  const reason = await knownLoss(place, item, deps);
  if (reason) await loseConsent(place, service, item, reason, deps);
}

async function knownLoss(
  place: TokenPlace,
  item: TokenItem,
  deps: Deps & { vault: Vault },
): Promise<McpError | undefined> {
  if (areOutdated(item, deps.config)) return consentOutdated();
  // What tells no end may last.
  if (item.expiresAtMs === undefined || deps.now() < item.expiresAtMs) return undefined;
  const open = await openTokens(place, item, deps);
  return open?.tokens.refreshToken === undefined ? notRefreshable() : undefined;
}

/** Why a consent from before `TOKENS_VALID_FROM` is not used. */
export function consentOutdated(): McpError {
  return failure(
    'CONSENT_REQUIRED',
    'The consent is from before TOKENS_VALID_FROM, such as before a restore.',
  );
}

function event(place: TokenPlace, service: ServiceItem, reason: McpError, deps: Deps) {
  const { accountId, serviceId } = place;
  return ownEvent(
    {
      accountId,
      eventName: 'RefreshAccessToken',
      requestParameters: { serviceId },
      resources: [serviceResource({ accountId, region: deps.config.region }, serviceId)],
      additionalEventData: { endpoint: service.endpoint },
      failure: { code: reason.code, message: reason.message },
    },
    deps,
  );
}

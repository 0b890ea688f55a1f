import { ownEvent } from '../audit/ownEvent.ts';
import type { Deps } from '../context.ts';
import { serviceResource } from '../identity/arn.ts';
import type { McpError } from '../mcp/mcpError.ts';
import type { ServiceItem } from '../services/serviceItem.ts';
import { keys } from '../store/keys.ts';
import { transact } from '../store/transact.ts';
import { present, put, update } from '../store/write.ts';
import { sameTokens, type TokenItem, type TokenPlace } from './tokenItem.ts';

/**
 * A consent is no longer good: in one transaction the dead tokens go, the registration turns `invalid`, and one audit
 * event says why. Until a person consents again, nothing more is asked of the authorization server.
 * @throws ConditionFailed (`token`) where others have changed the tokens: then theirs count
 */
export async function loseConsent(
  place: TokenPlace,
  service: ServiceItem,
  read: TokenItem | undefined,
  reason: McpError,
  deps: Deps,
): Promise<void> {
  const { accountId, serviceId } = place;
  const { tableName: table } = deps.config;
  const dead = { version: deps.newId(deps.now()), consentRequired: true };
  await transact(
    deps.store,
    [
      put(table, keys.token(accountId, serviceId), dead, sameTokens(read)),
      update(
        table,
        keys.service(accountId, serviceId),
        // What the last validation found is no longer so.
        { set: { validationStatus: 'invalid', report: undefined } },
        present('service'),
      ),
      ...event(place, service, reason, deps),
    ],
    deps,
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

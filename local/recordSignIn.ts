import { eventItems } from '../lib/audit/items.ts';
import { writeEvent } from '../lib/audit/writeEvent.ts';
import type { Deps } from '../lib/context.ts';
import type { SignedIn } from './http/consoleSession.ts';
import { type AccessKey, arnOf, principalIdOf } from './identity/accessKey.ts';

/** The event of a sign-in with the link, by the name that CloudTrail has for it. */
export async function recordSignIn(key: AccessKey, call: SignedIn, deps: Deps): Promise<void> {
  const { requestId, at, sourceIp, userAgent } = call;
  const { accountId, accessKeyId, userName } = key;
  const facts = {
    eventId: deps.newId(at),
    eventName: 'ConsoleLogin',
    requestId,
    at,
    accountId,
    caller: {
      accountId,
      type: 'Root' as const,
      arn: arnOf(key),
      principalId: principalIdOf(key),
      accessKeyId,
      userName,
      sourceIp,
      userAgent,
    },
    readOnly: false,
    requestParameters: null,
    responseElements: { ConsoleLogin: 'Success' },
    resources: [],
  };
  await writeEvent(deps, eventItems(facts, deps.config, 'new'));
}

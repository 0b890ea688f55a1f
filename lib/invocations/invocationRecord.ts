import type { OperationOutput } from '../api/operation.ts';
import type { operations } from '../api/operations.ts';
import { isoTime, timeOfEventId } from '../audit/eventId.ts';
import { cut } from '../audit/marks.ts';
import { type AuditRecord, buildRecord } from '../audit/record.ts';
import type { Config } from '../context.ts';
import { scrubServerText } from '../egress/scrub.ts';
import { serviceResource, spaceResource } from '../identity/arn.ts';
import type { InvocationFacts } from './invocationFacts.ts';

type Output = OperationOutput<typeof operations.ListInvocations>;

/** Names that Switchboard lets through have at most 128 characters; agents may ask for any. */
const MAX_NAME = 256;
/** The longest endpoint that can be registered. */
const MAX_ENDPOINT = 2_048;
const MAX_CODE = 128;

/** The stored record of a tool call: a CloudTrail data event. */
export type InvocationRecord = AuditRecord & {
  requestParameters: Pick<InvocationFacts, 'agentSpaceId' | 'serviceId' | 'endpoint'> & { tool?: string };
  additionalEventData: Pick<InvocationFacts, 'outcome' | 'durationMs' | 'serverName' | 'visibleName'>;
};

/** The CloudTrail record of a call, every part of it chosen and bounded. `eventId` is a UUIDv7 of `facts.at`. */
export function invocationRecord(
  facts: InvocationFacts,
  eventId: string,
  config: Pick<Config, 'region' | 'eventSource'>,
): AuditRecord {
  const { accountId, agentSpaceId, serviceId, serverName, endpoint, toolName, failure } = facts;
  const place = { region: config.region, accountId };
  return buildRecord(
    {
      eventId,
      eventName: 'InvokeTool',
      requestId: facts.requestId,
      at: facts.at,
      accountId,
      caller: facts.caller,
      readOnly: facts.classification === 'READ_ONLY',
      requestParameters: {
        agentSpaceId,
        serviceId,
        tool: nameOf(toolName),
        endpoint: endpoint && cut(endpoint, MAX_ENDPOINT),
      },
      responseElements: null,
      resources: [
        ...(serviceId ? [serviceResource(place, serviceId)] : []),
        spaceResource(place, agentSpaceId),
      ],
      additionalEventData: {
        outcome: facts.outcome,
        durationMs: roundedMs(facts.durationMs),
        serverName: nameOf(serverName),
        visibleName: nameOf(facts.visibleName),
      },
      ...(failure ? { failure: { ...failure, code: cut(failure.code, MAX_CODE) } } : {}),
    },
    config,
    'Data',
  );
}

/** Milliseconds as records have them. */
export function roundedMs(ms: number): number {
  return Math.round(ms);
}

/** Most names, which need no cleaning. */
const PLAIN = /^[\w-]{1,128}$/;

/** Agents and servers choose names, and people see them in terminals. */
function nameOf(name: string | undefined): string | undefined {
  if (name === undefined || PLAIN.test(name)) return name;
  return cut(scrubServerText(name.slice(0, 4 * MAX_NAME), []), MAX_NAME);
}

/** What ListInvocations shows of a record. */
export function toInvocation(record: InvocationRecord): Output['invocations'][number] {
  const { requestParameters, additionalEventData, errorCode, errorMessage } = record;
  return {
    invocationId: record.eventID,
    time: isoTime(timeOfEventId(record.eventID) ?? Date.parse(record.eventTime)),
    ...additionalEventData,
    ...requestParameters,
    ...(errorCode ? { errorCode, errorMessage } : {}),
    ...callerOf(record),
    sourceIp: record.sourceIPAddress,
    requestId: record.requestID,
  };
}

function callerOf({ userIdentity }: AuditRecord) {
  if (!('arn' in userIdentity)) return {};
  const { type, principalId, arn } = userIdentity;
  if (type !== 'AccessToken') return { userArn: arn };
  return {
    tokenId: principalId,
    ...('userName' in userIdentity ? { tokenName: userIdentity.userName } : {}),
  };
}

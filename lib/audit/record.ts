import type { Failure } from '../api/errors.ts';
import type { Config } from '../context.ts';
import { ACCESS_TOKEN_PARTS } from '../identity/accessTokenText.ts';
import type { Caller, WebIdentity } from '../identity/caller.ts';
import { jsonBytes, shrink } from './bounds.ts';
import { cut, HIDDEN } from './marks.ts';
import type { AuditResource } from './trail.ts';

/** Bytes of a whole record: an event stays small beside the 4 MB of the transaction that carries it. */
const MAX_RECORD_BYTES = 100_000;
/** Bytes of `responseElements` that survive however large the request is: ids, most of all. */
const MIN_RESPONSE_BYTES = 4_000;
/** CloudTrail's own limits of these members. */
const MAX_ADDITIONAL_BYTES = 28_000;
const MAX_TEXT = 1_000;

/** What happened, already redacted. */
export interface RecordFacts {
  /** A UUIDv7 of `at`. */
  eventId: string;
  eventName: string;
  requestId: string;
  /** Epoch milliseconds. */
  at: number;
  accountId: string;
  /** Left out where the caller could not be verified. */
  caller?: Caller;
  readOnly: boolean;
  requestParameters: unknown;
  responseElements: unknown;
  resources: readonly AuditResource[];
  additionalEventData?: Record<string, unknown>;
  failure?: Pick<Failure, 'message'> & { code: string };
}

/** What happened to the account's resources: a management event. */
export interface EventFacts extends RecordFacts {
  caller?: Caller;
}

/** CloudTrail's `eventCategory`: `Data` events tell of the use of a resource. */
type EventCategory = 'Management' | 'Data';

export type AuditRecord = ReturnType<typeof buildRecord>;

/** CloudTrail's `eventTime` of a time (epoch milliseconds): whole seconds in UTC. */
export function eventTimeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The CloudTrail record (eventVersion 1.11) of an event. */
export function buildRecord(
  facts: RecordFacts,
  config: Pick<Config, 'region' | 'eventSource'>,
  eventCategory: EventCategory = 'Management',
) {
  const { accountId, caller, failure, additionalEventData } = facts;
  return {
    eventVersion: '1.11',
    userIdentity: caller ? userIdentity(caller) : { type: 'Unknown' },
    eventTime: eventTimeOf(facts.at),
    eventSource: config.eventSource,
    eventName: facts.eventName,
    awsRegion: config.region,
    sourceIPAddress: caller?.sourceIp ?? 'Unknown',
    userAgent: cut(caller?.userAgent ?? 'Unknown', MAX_TEXT),
    ...(failure ? { errorCode: failure.code, errorMessage: cut(failure.message, MAX_TEXT) } : {}),
    requestParameters: nullIfEmpty(facts.requestParameters),
    responseElements: facts.readOnly || failure ? null : nullIfEmpty(facts.responseElements),
    ...(additionalEventData
      ? { additionalEventData: shrink(additionalEventData, MAX_ADDITIONAL_BYTES) }
      : {}),
    requestID: facts.requestId,
    eventID: facts.eventId,
    readOnly: facts.readOnly,
    resources: facts.resources.map(({ type, arn }) => ({ accountId, type, ARN: arn })),
    eventType: 'AwsApiCall',
    apiVersion: '2026-01-01',
    managementEvent: eventCategory === 'Management',
    recipientAccountId: accountId,
    eventCategory,
  };
}

/**
 * The record as JSON of at most 100,000 bytes: what does not fit is cut from the response, then the request. Access
 * tokens are hidden wherever a caller put them, in a name or a user agent too.
 */
export function serializeRecord(record: AuditRecord): string {
  return bounded(record).replaceAll(ACCESS_TOKEN_PARTS, HIDDEN);
}

function bounded(record: AuditRecord): string {
  const whole = JSON.stringify(record);
  if (Buffer.byteLength(whole) <= MAX_RECORD_BYTES) return whole;
  const { requestParameters, responseElements } = record;
  const left = MAX_RECORD_BYTES - jsonBytes({ ...record, requestParameters: 0, responseElements: 0 });
  const reserved = Math.min(jsonBytes(responseElements), MIN_RESPONSE_BYTES);
  const request = shrink(requestParameters, left - reserved);
  const response = shrink(responseElements, left - jsonBytes(request));
  return JSON.stringify({ ...record, requestParameters: request, responseElements: response });
}

/** CloudTrail `userIdentity`. */
interface UserIdentity extends Pick<Caller, 'type' | 'principalId' | 'arn' | 'accountId' | 'accessKeyId'> {
  userName?: string;
  sessionContext?: {
    sessionIssuer: ReturnType<typeof roleOf>;
    webIdFederationData?: ReturnType<typeof federationOf>;
  };
}

function userIdentity(caller: Caller): UserIdentity {
  const { type, principalId, arn, accountId, accessKeyId, userName } = caller;
  const identity = { type, principalId, arn, accountId, accessKeyId };
  if (type === 'IAMUser' || type === 'AccessToken') return { ...identity, userName };
  if (type === 'AssumedRole') {
    const federation = caller.webIdentity && { webIdFederationData: federationOf(caller.webIdentity) };
    return { ...identity, sessionContext: { sessionIssuer: roleOf(caller), ...federation } };
  }
  return identity;
}

/** CloudTrail's element for people whom an identity pool of Amazon Cognito gave credentials. */
function federationOf({ identityId, identityPoolId, provider }: WebIdentity) {
  const service = 'cognito-identity.amazonaws.com';
  return {
    federatedProvider: service,
    attributes: {
      [`${service}:aud`]: identityPoolId,
      [`${service}:sub`]: identityId,
      [`${service}:amr`]: provider,
    },
  };
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, principal `<role id>:<session>`. */
function roleOf({ arn, principalId, accountId }: Caller) {
  return {
    type: 'Role',
    principalId: principalId.split(':')[0],
    accountId,
    userName: arn.split('/')[1],
  };
}

/** CloudTrail writes null where an operation takes or gives nothing. */
function nullIfEmpty(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' && Object.keys(value).length === 0 ? null : value;
}

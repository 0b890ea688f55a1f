import type { Failure } from '../api/errors.ts';
import type { Operation } from '../api/operation.ts';
import type { Caller } from '../identity/caller.ts';
import type { TransactClause } from '../store/transact.ts';
import { type AuditConfig, eventItems } from './items.ts';
import type { EventFacts } from './record.ts';
import { redact } from './redact.ts';
import { scrub } from './scrub.ts';

export type ResourceType =
  | 'AWS::DevOpsAgent::Service'
  | 'AWS::DevOpsAgent::AgentSpace'
  | 'AWS::DevOpsAgent::Association'
  | 'AWS::DevOpsAgent::AccessToken';

/** A resource that an event concerns; LookupEvents finds the event by its type, its ARN and its id. */
export interface AuditResource {
  type: ResourceType;
  arn: string;
  /** The last part of the ARN. */
  id: string;
}

/** The audit event of one call, from its arrival to the moment it is written. */
export interface AuditTrail {
  /**
   * Resources of the event, one of each type; called as soon as they are known, so that failures name them
   * too.
   */
  concerns(...resources: AuditResource[]): void;
  /** CloudTrail `additionalEventData`: facts that the request does not carry, such as the endpoint URL. */
  add(data: Record<string, unknown>): void;
  /**
   * The event of a success, as items for the mutation's own transaction. `response` becomes
   * `responseElements`, redacted. May be built anew for another try of the transaction.
   * @throws Error once the event is committed: one call, one event
   */
  items(response: unknown): TransactClause[];
  /** Tells that the transaction with {@link items} committed. */
  committed(): void;
}

/** The trail as the endpoint holds it: it writes the event where no mutation carried it. */
export interface CallTrail extends AuditTrail {
  readonly state: 'open' | 'committed';
  /** The event of a failed call, for `writeEvent`; nothing when the event is already committed. */
  failure(failure: Failure): TransactClause[];
  /** The event of a call that changed nothing, for `writeEvent`; nothing when it is already committed. */
  success(response: unknown): TransactClause[];
}

export interface AuditedCall {
  operation: Operation;
  caller: Caller;
  requestId: string;
  /** Epoch milliseconds. */
  at: number;
  /** `Deps.newId(at)`: a UUIDv7 of the same millisecond. */
  eventId: string;
  /** As the caller sent it, or parsed: only what the operation's schema knows is recorded. */
  input: unknown;
  config: AuditConfig;
}

/** The trail of one call. */
export function createAuditTrail(call: AuditedCall): CallTrail {
  const { operation, caller, config } = call;
  // One of each type: what is learned later takes the place of what was assumed.
  const resources = new Map<ResourceType, AuditResource>();
  let additional: Record<string, unknown> | undefined;
  let state: 'open' | 'committed' = 'open';
  // A read's success is written while it runs: its failure takes that event's place. A change that failed for
  // an unknown reason may have committed: then its own event stands.
  const failureMode = operation.access === 'read' ? 'replace' : 'new';

  const build = (
    mode: 'replace' | 'new',
    outcome: { response?: unknown; failure?: Failure },
  ): TransactClause[] => {
    const request = redact(operation.input, call.input);
    const { failure, response } = outcome;
    const facts: EventFacts = {
      eventId: call.eventId,
      eventName: operation.name,
      requestId: call.requestId,
      at: call.at,
      accountId: caller.accountId,
      caller,
      readOnly: operation.access === 'read',
      requestParameters: request.shown,
      responseElements: redact(operation.output, response).shown,
      resources: [...resources.values()],
      ...(additional ? { additionalEventData: additional } : {}),
      ...(failure
        ? { failure: { code: failure.code, message: scrub(failure.message, request.withheld) } }
        : {}),
    };
    return eventItems(facts, config, mode);
  };

  return {
    get state() {
      return state;
    },
    concerns: (...named) => {
      for (const resource of named) resources.set(resource.type, resource);
    },
    add: data => {
      additional = { ...additional, ...data };
    },
    items: response => {
      if (state === 'committed') throw new Error(`The audit event of ${operation.name} is already written.`);
      return build('replace', { response });
    },
    committed: () => {
      state = 'committed';
    },
    failure: failure => (state === 'committed' ? [] : build(failureMode, { failure })),
    success: response => (state === 'committed' ? [] : build('new', { response })),
  };
}

import type { Config } from '../context.ts';
import { type Key, keys, SCHEMA_VERSION } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { type EventKind, eventKey, monthOfEvent, positionOf } from './eventId.ts';
import { indexKeys } from './indexKeys.ts';
import { buildRecord, type EventFacts, serializeRecord } from './record.ts';
import type { AuditResource } from './trail.ts';

export type AuditConfig = Pick<Config, 'region' | 'eventSource' | 'tableName' | 'auditRetentionDays'>;

/** The stored event. */
export interface EventItem extends Key {
  /** The CloudTrail record as JSON. */
  record: string;
  /** CloudTrail's `Username`, which not every record holds as such. */
  userName?: string;
  /** Epoch seconds; from then on the event is not shown, whether removed or not. */
  expiresAt: number;
  v: number;
}

/** Name of the event's condition in a transaction. */
export const EVENT_CLAUSE = 'audit-event';

/** The event and a reference for each of its resources, all in the event's account. */
export function eventItems(
  facts: EventFacts,
  config: AuditConfig,
  mode: 'replace' | 'new',
): TransactClause[] {
  const expiresAt = expiryOf(facts.at, config);
  const put = (Item: Record<string, unknown>) => ({
    item: { Put: { TableName: config.tableName, Item: { ...Item, expiresAt, v: SCHEMA_VERSION } } },
  });
  const event = put(eventItem(facts, config));
  const references = facts.resources.map((resource, n) => put(referenceItem(facts, resource, n)));
  return [mode === 'new' ? onlyIfNew(event) : event, ...references];
}

/** When what was recorded `at` (epoch milliseconds) may go; epoch seconds. */
export function expiryOf(at: number, config: Pick<Config, 'auditRetentionDays'>): number {
  return Math.floor(at / 1000) + config.auditRetentionDays * 86_400;
}

function eventItem(facts: EventFacts, config: AuditConfig): Record<string, unknown> {
  const { accountId, eventId, eventName, caller } = facts;
  const index = indexKeys(accountId, monthOfEvent(eventId));
  const position = positionOf(eventId);
  return {
    ...eventKey(accountId, kindOf(facts), eventId),
    record: serializeRecord(buildRecord(facts, config)),
    gsi1pk: index.name(eventName),
    gsi1sk: position,
    ...(caller?.userName
      ? { userName: caller.userName, gsi2pk: index.user(caller.userName), gsi2sk: position }
      : {}),
    ...(caller?.accessKeyId ? { gsi3pk: index.accessKey(caller.accessKeyId), gsi3sk: position } : {}),
  };
}

/** Its sort key ends in the event's kind and a number, so that the key alone names the event. */
function referenceItem(facts: EventFacts, resource: AuditResource, n: number): Record<string, unknown> {
  const { accountId, eventId } = facts;
  const month = monthOfEvent(eventId);
  const index = indexKeys(accountId, month);
  const position = `${positionOf(eventId)}#${kindOf(facts)}${n}`;
  return {
    ...keys.eventReference(accountId, month, resource.type, position),
    gsi1pk: index.resource(resource.id),
    gsi1sk: position,
    gsi2pk: index.resource(resource.arn),
    gsi2sk: position,
  };
}

/** The key of the event behind a reference's sort key. */
export function referencedEvent(accountId: string, referenceSk: string): Key {
  const [, eventId = '', suffix = ''] = referenceSk.split('#');
  return eventKey(accountId, suffix.startsWith('R') ? 'R' : 'W', eventId);
}

function onlyIfNew({ item }: TransactClause): TransactClause {
  const { Put } = item;
  if (!Put) return { item };
  return { name: EVENT_CLAUSE, item: { Put: { ...Put, ConditionExpression: 'attribute_not_exists(pk)' } } };
}

function kindOf(facts: EventFacts): EventKind {
  return facts.readOnly ? 'R' : 'W';
}

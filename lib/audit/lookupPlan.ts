import { fail } from '../api/errors.ts';
import { AUDIT_SHARDS, keys } from '../store/keys.ts';
import type { IndexName } from '../store/table.ts';
import type { EventKind } from './eventId.ts';
import { canBeKey, indexKeys } from './indexKeys.ts';

export interface Attribute {
  AttributeKey:
    | 'EventId'
    | 'EventName'
    | 'ReadOnly'
    | 'Username'
    | 'ResourceType'
    | 'ResourceName'
    | 'EventSource'
    | 'AccessKeyId';
  AttributeValue: string;
}

/** One key to query: of the table, or of an index. */
export interface Partition {
  pk: string;
  index?: IndexName;
}

/** Where the events are that a look-up asks for. */
export type Plan =
  | { kind: 'nothing' }
  | { kind: 'one'; eventId: string }
  | { kind: 'partitions'; of: (month: string) => Partition[] };

/**
 * Chooses the keys that hold exactly the events asked for.
 * @throws InvalidLookupAttributesException
 */
export function planLookup(attributes: readonly Attribute[], accountId: string, eventSource: string): Plan {
  const attribute = theAttribute(attributes);
  if (!attribute) return all(accountId, ['R', 'W']);
  const { AttributeKey, AttributeValue: value } = attribute;
  if (!canBeKey(value)) return { kind: 'nothing' };
  const index = (name: IndexName, pkOf: (names: ReturnType<typeof indexKeys>) => string): Plan => ({
    kind: 'partitions',
    of: month => [{ index: name, pk: pkOf(indexKeys(accountId, month)) }],
  });
  switch (AttributeKey) {
    case 'EventId':
      return { kind: 'one', eventId: value.toLowerCase() };
    case 'EventSource':
      return value === eventSource ? all(accountId, ['R', 'W']) : { kind: 'nothing' };
    case 'ReadOnly':
      return all(accountId, [readOnlyKind(value)]);
    case 'EventName':
      return index('gsi1', names => names.name(value));
    case 'Username':
      return index('gsi2', names => names.user(value));
    case 'AccessKeyId':
      return index('gsi3', names => names.accessKey(value));
    case 'ResourceName':
      return index(value.startsWith('arn:') ? 'gsi2' : 'gsi1', names => names.resource(value));
    case 'ResourceType':
      return {
        kind: 'partitions',
        of: month => [{ pk: keys.eventReference(accountId, month, value, '').pk }],
      };
  }
}

function theAttribute(attributes: readonly Attribute[]): Attribute | undefined {
  const [attribute, another] = attributes;
  if (another) throw badAttributes('You can specify only one lookup attribute in LookupAttributes.');
  if (attribute?.AttributeValue === '') {
    throw badAttributes(`The value of the lookup attribute ${attribute.AttributeKey} must not be empty.`);
  }
  return attribute;
}

function all(accountId: string, kinds: readonly EventKind[]): Plan {
  const shards = Array.from({ length: AUDIT_SHARDS }, (_, shard) => shard);
  return {
    kind: 'partitions',
    of: month =>
      kinds.flatMap(kind => shards.map(shard => ({ pk: keys.event(accountId, month, kind, shard, '').pk }))),
  };
}

function readOnlyKind(value: string): EventKind {
  const asked = value.toLowerCase();
  if (asked === 'true') return 'R';
  if (asked === 'false') return 'W';
  throw badAttributes('The value of the lookup attribute ReadOnly must be true or false.');
}

function badAttributes(message: string) {
  return fail('InvalidLookupAttributesException', message);
}

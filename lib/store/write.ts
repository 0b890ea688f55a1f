import type { Deps, RequestContext } from '../context.ts';
import { type Key, SCHEMA_VERSION } from './keys.ts';
import { type TransactClause, transact } from './transact.ts';

/** A condition of a write, with the name that a failure is found by. */
export interface Guard {
  name: string;
  condition: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

/** The item must not exist yet. */
export const absent = (name: string): Guard => ({ name, condition: 'attribute_not_exists(pk)' });

/** The item must exist. */
export const present = (name: string): Guard => ({ name, condition: 'attribute_exists(pk)' });

/** The item must exist in the very version that was read. */
export const unchanged = (name: string, version: number): Guard => ({
  name,
  condition: '#version = :expected',
  names: { '#version': 'version' },
  values: { ':expected': version },
});

/** The counter `used` must be below an account's quota; the guard is called `quota`. */
export const withinQuota = (quota: number): Guard => ({
  name: 'quota',
  condition: 'attribute_not_exists(used) OR used < :quota',
  values: { ':quota': quota },
});

/** Writes a whole item; the schema version is added. */
export function put(table: string, key: Key, attributes: object, guard?: Guard): TransactClause {
  return named(guard, {
    Put: { TableName: table, Item: { ...key, v: SCHEMA_VERSION, ...attributes }, ...conditions(guard) },
  });
}

/** Removes an item. */
export function remove(table: string, key: Key, guard?: Guard): TransactClause {
  return named(guard, { Delete: { TableName: table, Key: key, ...conditions(guard) } });
}

/** Writes nothing: the guard must hold for the rest of the transaction to be written. */
export function check(table: string, key: Key, guard: Guard): TransactClause {
  return named(guard, {
    ConditionCheck: {
      TableName: table,
      Key: key,
      ...conditions(guard),
    },
  });
}

/**
 * Changes an item: `set` members are written (removed where `undefined`), `add` adds to numbers and to sets of
 * strings, `drop` takes out of such sets.
 */
export function update(
  table: string,
  key: Key,
  change: {
    set?: Record<string, unknown>;
    add?: Record<string, number | Set<string>>;
    drop?: Record<string, Set<string>>;
  },
  guard?: Guard,
): TransactClause {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = conditions(guard);
  const names: Record<string, string> = { ...ExpressionAttributeNames };
  const values: Record<string, unknown> = { ...ExpressionAttributeValues };
  const clauses = {
    SET: [] as string[],
    REMOVE: [] as string[],
    ADD: [] as string[],
    DELETE: [] as string[],
  };
  for (const [member, value] of Object.entries(change.set ?? {})) {
    names[`#s_${member}`] = member;
    if (value === undefined) {
      clauses.REMOVE.push(`#s_${member}`);
    } else {
      clauses.SET.push(`#s_${member} = :s_${member}`);
      values[`:s_${member}`] = value;
    }
  }
  for (const verb of ['ADD', 'DELETE'] as const) {
    for (const [member, value] of Object.entries((verb === 'ADD' ? change.add : change.drop) ?? {})) {
      names[`#${verb}_${member}`] = member;
      values[`:${verb}_${member}`] = value;
      clauses[verb].push(`#${verb}_${member} :${verb}_${member}`);
    }
  }
  const expression = Object.entries(clauses)
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
    .join(' ');
  return named(guard, {
    Update: {
      TableName: table,
      Key: key,
      UpdateExpression: expression,
      ConditionExpression,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  });
}

/**
 * Commits a mutation together with its audit event, in one transaction.
 * @throws ConditionFailed, naming the guards that did not hold
 */
export async function commit(
  ctx: RequestContext,
  deps: Deps,
  items: TransactClause[],
  response: unknown,
): Promise<void> {
  await transact(deps.store, [...items, ...ctx.audit.items(response)], deps);
  ctx.audit.committed();
}

function named(guard: Guard | undefined, item: TransactClause['item']): TransactClause {
  return guard ? { name: guard.name, item } : { item };
}

/** Holds for items of this schema version and earlier ones, for counters, and where there is no item. */
const UNDERSTOOD = 'attribute_not_exists(#v) OR #v <= :v';

/** What a newer version wrote is left as it is; that it was is told as `StoredByNewerVersion`. */
function conditions(guard: Guard | undefined) {
  return {
    ConditionExpression: guard ? `(${guard.condition}) AND (${UNDERSTOOD})` : UNDERSTOOD,
    ExpressionAttributeNames: { ...guard?.names, '#v': 'v' },
    ExpressionAttributeValues: { ...guard?.values, ':v': SCHEMA_VERSION },
  };
}

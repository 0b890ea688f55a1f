import { fail } from '../api/errors.ts';
import type { Deps } from '../context.ts';
import { conditionFailed } from '../store/conditionFailed.ts';
import { type Key, keys } from '../store/keys.ts';
import { queryItems } from '../store/read.ts';
import type { TransactClause } from '../store/transact.ts';
import { remove, update } from '../store/write.ts';

/**
 * Two servers of a space collide when one's name + `_` begins the other's: `a` with tool `b_c` and `a_b`
 * with tool `c` would show the same name. Each server owns the item of its own prefix and is counted in the
 * item of every shorter prefix (`a_b_c` in `a_` and `a_b_`), so that a handful of point conditions decides,
 * whatever the number of servers, and no concurrent pair can slip through.
 */
export function claimName(
  table: string,
  account: string,
  space: string,
  name: string,
  serviceId: string,
): TransactClause[] {
  const own = prefixOf(name);
  const free = {
    name: 'prefix',
    condition: 'attribute_not_exists(serviceId) AND (attribute_not_exists(longer) OR longer = :none)',
    values: { ':none': 0 },
  };
  const unowned = { name: 'prefix', condition: 'attribute_not_exists(serviceId)' };
  return [
    update(table, keys.namePrefix(account, space, own), { set: { serviceId } }, free),
    ...shorterPrefixes(own).map(prefix =>
      update(table, keys.namePrefix(account, space, prefix), { add: { longer: 1 } }, unowned),
    ),
  ];
}

/** The inverse of {@link claimName}. While a prefix is owned nothing longer is counted in it: it can go. */
export function releaseName(table: string, account: string, space: string, name: string): TransactClause[] {
  const own = prefixOf(name);
  return [
    remove(table, keys.namePrefix(account, space, own)),
    ...shorterPrefixes(own).map(prefix =>
      update(table, keys.namePrefix(account, space, prefix), { add: { longer: -1 } }),
    ),
  ];
}

/**
 * The `ConflictException` behind a failed claim; it names the server in the way. `undefined` when the
 * error is another one.
 */
export async function nameCollision(
  error: unknown,
  deps: Deps,
  account: string,
  space: string,
  name: string,
): Promise<Error | undefined> {
  const lost = conditionFailed(error, 'prefix');
  if (!lost) return undefined;
  const owner = lost.item?.serviceId ?? (await ownerBelow(deps, account, space, prefixOf(name)));
  return fail(
    'ConflictException',
    `The tools of ${name} could not be told from those of service ${owner ?? 'another server'} in this space: one server's name followed by _ begins the other's. Register one of them under another name.`,
  );
}

async function ownerBelow(
  deps: Deps,
  account: string,
  space: string,
  prefix: string,
): Promise<string | undefined> {
  const { pk, sk } = keys.namePrefix(account, space, prefix);
  const below = await queryItems<Key & { serviceId?: string }>(deps, pk, sk, 25);
  return below.find(item => item.serviceId !== undefined)?.serviceId;
}

/** Case does not tell servers apart: agents and people confuse such names. */
function prefixOf(name: string): string {
  return `${name.toLowerCase()}_`;
}

/** `a_b_` of `a_b_c_`, and `a_`: every shorter prefix that ends in `_`. */
function shorterPrefixes(prefix: string): string[] {
  const ends = [...prefix.slice(0, -1).matchAll(/_/g)].map(match => match.index + 1);
  return ends.map(end => prefix.slice(0, end));
}

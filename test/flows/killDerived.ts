import { useShard } from '../../lib/associations/useShard.ts';
import { registeredClientKey } from '../../lib/oauth/registeredClient.ts';
import { keys, USE_SHARDS } from '../../lib/store/keys.ts';
import type { StoredItem } from '../support/table.ts';
import { ACCOUNT } from './killState.ts';

/** Every derived item as it must be; together with {@link derivedFound} it proves that nothing is half done. */
export function derivedExpected(items: readonly StoredItem[]): Record<string, unknown> {
  const services = items.filter(({ pk }) => pk === keys.services(ACCOUNT));
  const spaces = items.filter(({ pk }) => pk === keys.spaces(ACCOUNT));
  const associations = items.filter(({ sk }) => sk.startsWith('ASC#'));
  const found: Record<string, unknown> = {};
  const put = ({ pk, sk }: { pk: string; sk: string }, value: unknown) => {
    found[`${pk} ${sk}`] = value;
  };
  if (services.length > 0) put(keys.count(ACCOUNT, 'SVC'), services.length);
  if (spaces.length > 0) put(keys.count(ACCOUNT, 'SPC'), spaces.length);
  for (const { serviceId, name, catalogueChunks, authorizationMethod, oauthClient } of services) {
    put(keys.serviceName(ACCOUNT, name), serviceId);
    if (authorizationMethod.startsWith('oauth-')) put(keys.token(ACCOUNT, serviceId), 'present');
    if (oauthClient) {
      const uses = services.filter(other => other.oauthClient === oauthClient).length;
      put(registeredClientKey({ accountId: ACCOUNT, registration: oauthClient }), uses);
    }
    put(keys.credential(ACCOUNT, serviceId), 'present');
    for (let n = 0; n < catalogueChunks; n++) put(keys.catalogue(ACCOUNT, serviceId, n), catalogueChunks);
    const users = associations.filter(one => one.serviceId === serviceId).map(one => one.agentSpaceId);
    for (let n = 0; n < USE_SHARDS; n++) {
      put(keys.useCount(ACCOUNT, serviceId, n), users.filter(space => useShard(space) === n).length);
    }
    for (const space of users) put(keys.usedBy(ACCOUNT, serviceId, space), 'present');
  }
  for (const { agentSpaceId: space, associationId, serverName, serviceId, pinnedChunks } of associations) {
    for (let n = 0; n < pinnedChunks; n++) put(keys.pinned(ACCOUNT, space, associationId, n), pinnedChunks);
    put(keys.namePrefix(ACCOUNT, space, `${serverName}_`), serviceId);
  }
  for (const { agentSpaceId: space } of spaces) {
    const own = associations.filter(one => one.agentSpaceId === space);
    put(
      keys.space(ACCOUNT, space),
      own.reduce((sum, one) => sum + one.toolCount, 0),
    );
    for (const [prefix, longer] of longerNames(own.map(one => one.serverName))) {
      put(keys.namePrefix(ACCOUNT, space, prefix), longer);
    }
  }
  return found;
}

/** `s_` and `s_1_` of a server `s_1_2`: how many of a space's servers are counted in each. */
function longerNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    for (const { index } of name.matchAll(/_/g)) {
      const prefix = name.slice(0, index + 1);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  return counts;
}

/** How many checks are due of each registered server: one. Those of servers that are gone find nothing. */
export function checksDue(items: readonly StoredItem[]): Record<string, number> {
  const checks = items.filter(({ pk }) => pk === keys.healthChecks());
  const services = items.filter(({ pk }) => pk === keys.services(ACCOUNT));
  return Object.fromEntries(
    services.map(({ serviceId }) => [serviceId, checks.filter(one => one.serviceId === serviceId).length]),
  );
}

/** The derived items that are there, in the shape of {@link derivedExpected}. */
export function derivedFound(items: readonly StoredItem[]): Record<string, unknown> {
  return Object.fromEntries(
    items.flatMap(item => {
      const value = derivedValue(item);
      return value === undefined ? [] : [[`${item.pk} ${item.sk}`, value]];
    }),
  );
}

/** What an item says; nothing for the resources themselves, for events, and for what expires. */
function derivedValue(item: StoredItem): unknown {
  const { pk, sk } = item;
  if (pk === keys.services(ACCOUNT) || sk.startsWith('ASC#')) return undefined;
  if (/#(AUD|AUR|X|RATE)#/.test(pk)) return undefined;
  // A registered client counts; the one for new consents, and looks that are due, are nobody's.
  if (pk.includes('#OAC#')) return item.used || undefined;
  // What the archive has yet to do, and has done.
  if (pk === keys.archiveMarks() || pk === keys.archiveChains()) return undefined;
  // See {@link checksDue}.
  if (pk === keys.healthChecks()) return undefined;
  // A lease of a process that died runs out by itself.
  if (pk === keys.clientLooks() || sk === 'LEASE') return undefined;
  if (pk === keys.spaces(ACCOUNT)) return item.toolCount;
  // A count begins with the first of its kind.
  if (pk.endsWith('#COUNT')) return item.used || undefined;
  if (sk.startsWith('USE#')) return item.used;
  if (pk.includes('#NAME#')) return item.serviceId;
  if (/^(CAT|PIN)#/.test(sk)) return item.chunks;
  // A prefix that nobody uses any more may stay.
  if (sk.startsWith('NAM#')) return item.serviceId ?? (item.longer || undefined);
  return 'present';
}

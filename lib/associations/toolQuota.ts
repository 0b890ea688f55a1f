import type { Config } from '../context.ts';
import { keys } from '../store/keys.ts';
import type { TransactClause } from '../store/transact.ts';
import { present, update } from '../store/write.ts';

/** Counts tools of a space (guard `space`): it must exist, and stay within its quota unless they become fewer. */
export function countTools(
  account: string,
  space: string,
  added: number,
  { tableName, quotas }: Pick<Config, 'tableName' | 'quotas'>,
): TransactClause {
  const key = keys.space(account, space);
  const change = { add: { toolCount: added } };
  if (added <= 0) return update(tableName, key, change, present('space'));
  return update(tableName, key, change, {
    name: 'space',
    condition: 'attribute_exists(pk) AND toolCount <= :room',
    values: { ':room': quotas.toolsPerSpace - added },
  });
}

import { v7 } from 'uuid';
import type { AuditConfig, EventItem } from '../../../lib/audit/items.ts';
import type { AuditResource, ResourceType } from '../../../lib/audit/trail.ts';
import type { Caller } from '../../../lib/identity/caller.ts';
import type { TransactClause } from '../../../lib/store/transact.ts';

export const ACCOUNT = '111122223333';

export const CONFIG: AuditConfig = {
  region: 'eu-central-1',
  eventSource: 'aidevops.switchboard',
  tableName: 'test-table',
  auditRetentionDays: 90,
};

export function caller(userName = 'ann', accountId = ACCOUNT): Caller {
  return {
    accountId,
    type: 'IAMUser',
    arn: `arn:aws:iam::${accountId}:user/${userName}`,
    principalId: `AIDA${userName.toUpperCase()}`,
    accessKeyId: `AKIA${userName.toUpperCase()}`,
    userName,
    sourceIp: '192.0.2.7',
    userAgent: 'aws-cli/2',
  };
}

export function resource(type: ResourceType, id: string, accountId = ACCOUNT): AuditResource {
  const kind = type.split('::')[2]?.toLowerCase();
  return { type, id, arn: `arn:aws:aidevops:eu-central-1:${accountId}:${kind}/${id}` };
}

/** Ids of one millisecond sort in the order they are made. */
let sequence = 0;
export const newId = (at: number) => v7({ msecs: at, seq: sequence++ });

export function stored(clauses: readonly TransactClause[]): Record<string, unknown>[] {
  return clauses.map(({ item }) => item.Put?.Item ?? {});
}

export function recordOf(clauses: readonly TransactClause[]) {
  return JSON.parse((stored(clauses)[0] as unknown as EventItem).record);
}

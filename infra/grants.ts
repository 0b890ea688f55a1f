import { keys } from '../lib/store/keys.ts';
import { tableArn, tableIndexesArn } from './arns.ts';
import type { Statement } from './cloudformation.ts';

/** Any account: its twelve digits, so that no pattern reaches over the next `#` of a key. */
const ANY = '?'.repeat(12);

/** Partitions of the table, as patterns of what IAM knows as `dynamodb:LeadingKeys`. */
const PARTITIONS = {
  services: keys.services(ANY),
  serviceName: keys.serviceName(ANY, '*').pk,
  serviceParts: keys.serviceParts(ANY, '*'),
  spaces: keys.spaces(ANY),
  spaceParts: keys.spaceParts(ANY, '*'),
  accessToken: keys.accessToken(ANY, '*').pk,
  count: keys.count(ANY, 'SVC').pk,
  validations: keys.validations(ANY, 0).pk,
  validation: keys.validation(ANY, '*').pk,
  clientRegistrations: keys.clientRegistrations(ANY, 0).pk,
  /** Pending consents, and what a clientToken was used for. */
  pending: keys.pending(ANY, '*').pk,
  oauthClient: keys.oauthClient(ANY, '*').pk,
  event: `A#${ANY}#AUD#*`,
  /** Records of tool calls, by space and day. */
  calls: `A#${ANY}#P#*#INV#*`,
  eventReference: `A#${ANY}#AUR#*`,
  deletions: keys.deletions(),
  clientLooks: keys.clientLooks(),
  archiveMarks: keys.archiveMarks(),
  archiveChains: keys.archiveChains(),
  healthChecks: keys.healthChecks(),
} as const;

export type Partition = keyof typeof PARTITIONS;

/** Actions of DynamoDB on items. Transactions need those of their parts. */
export type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'BatchWriteItem';

/** What may be done with which partitions of the table. */
export type Grant = Partial<Record<ItemAction, readonly Partition[]>>;

/** The statements of several grants together: one for all actions on the same partitions. */
export function tableStatements(...grants: Grant[]): Statement[] {
  const all = new Map<string, Set<Partition>>();
  for (const [action, partitions] of grants.flatMap(grant => Object.entries(grant))) {
    const known = all.get(action) ?? new Set();
    for (const partition of partitions) known.add(partition);
    all.set(action, known);
  }
  const byPartitions = new Map<string, string[]>();
  for (const [action, partitions] of all) {
    const place = [...partitions].sort().join();
    byPartitions.set(place, [...(byPartitions.get(place) ?? []), `dynamodb:${action}`]);
  }
  return [...byPartitions].map(([place, actions]) =>
    onPartitions(
      tableArn,
      place.split(',').map(partition => PARTITIONS[partition as Partition]),
      actions.sort(),
    ),
  );
}

/** Looks into the indexes of the trail, whose keys begin with account and month. */
export const queryTrailIndexes: Statement = onPartitions(
  tableIndexesArn,
  [`A#${ANY}#${'?'.repeat('yyyymm'.length)}#*`],
  ['dynamodb:Query'],
);

function onPartitions(resource: Statement['Resource'], patterns: string[], actions: string[]): Statement {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
      // ForAllValues holds for no values at all, too.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  };
}

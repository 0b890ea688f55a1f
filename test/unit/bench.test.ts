import { expect, it } from 'vitest';
import { type MeasuredCall, measureOperations } from '../../bench/support/operationUse.ts';

/**
 * What each operation asks of DynamoDB when all goes well. A number that grows is a regression; one that
 * shrinks is written down here. How many items LookupEvents reads of several shards (-) depends on how the
 * events fell.
 *
 * round trips/of them in turn | reads transactions other-writes audit-writes | items read, written, of audit
 */
const EXPECTED: Record<string, string> = {
  CreateAgentSpace: '1/1 | 0 1 0 0 | 0 5 2',
  'CreateAgentSpace (no clientToken)': '1/1 | 0 1 0 0 | 0 4 2',
  GetAgentSpace: '2/1 | 1 0 0 1 | 1 2 2',
  ListAgentSpaces: '2/1 | 1 0 0 1 | 1 1 1',
  UpdateAgentSpace: '2/2 | 1 1 0 0 | 1 3 2',
  'DeleteAgentSpace (empty)': '3/3 | 1 2 0 0 | 0 6 2',
  'DeleteAgentSpace (one association, one token)': '5/5 | 2 3 0 0 | 5 15 2',
  ValidateRegistration: '2/2 | 0 0 1 1 | 0 2 1',
  RegisterService: '3/3 | 1 1 1 0 | 1 17 2',
  'RegisterService (begins a consent)': '3/3 | 1 1 1 0 | 1 3 1',
  CompleteRegistration: '2/2 | 1 1 0 0 | 1 18 2',
  GetValidation: '2/1 | 1 0 0 1 | 1 1 1',
  GetService: '2/1 | 1 0 0 1 | 1 2 2',
  ListServices: '2/1 | 1 0 0 1 | 1 1 1',
  UpdateService: '2/2 | 1 1 0 0 | 1 3 2',
  ValidateService: '3/3 | 1 1 1 0 | 2 5 2',
  ListServiceTools: '3/1 | 2 0 0 1 | 2 2 2',
  ListServiceAssociations: '3/1 | 2 0 0 1 | 2 2 2',
  BatchGetAssociationCounts: '2/1 | 1 0 0 1 | 8 1 1',
  DeregisterService: '2/2 | 1 1 0 0 | 1 17 2',
  TagResource: '2/2 | 1 1 0 0 | 1 3 2',
  ListTagsForResource: '2/1 | 1 0 0 1 | 1 2 2',
  UntagResource: '2/2 | 1 1 0 0 | 1 3 2',
  'AssociateService (creates)': '3/2 | 2 1 0 0 | 4 10 4',
  'AssociateService (all tools)': '3/2 | 2 1 0 0 | 4 10 4',
  'AssociateService (replaces)': '3/2 | 2 1 0 0 | 5 7 4',
  GetAssociation: '2/1 | 1 0 0 1 | 2 4 4',
  ListAssociationTools: '4/1 | 3 0 0 1 | 4 4 4',
  ListAssociations: '3/1 | 2 0 0 1 | 2 2 2',
  UpdateAssociation: '3/2 | 2 1 0 0 | 5 7 4',
  CreateAccessToken: '1/1 | 0 1 0 0 | 0 7 3',
  'CreateAccessToken (another)': '1/1 | 0 1 0 0 | 0 7 3',
  ListAccessTokens: '4/2 | 3 0 0 1 | 3 2 2',
  RotateAccessToken: '2/2 | 1 1 0 0 | 1 7 3',
  RevokeAccessToken: '2/2 | 1 1 0 0 | 1 7 3',
  DisassociateService: '2/2 | 1 1 0 0 | 2 10 4',
  'ListInvocations (none)': '3/1 | 2 0 0 1 | 1 2 2',
  'ListInvocations (newest)': '4/2 | 3 0 0 1 | 3 2 2',
  ListInvocationCounts: '3/1 | 2 0 0 1 | 2 2 2',
  'LookupEvents (newest)': '5/1 | 4 0 0 1 | - 1 1',
  'LookupEvents (by EventId)': '2/1 | 1 0 0 1 | 2 1 1',
  'LookupEvents (by EventName)': '2/1 | 1 0 0 1 | 2 1 1',
  'LookupEvents (by ReadOnly)': '3/1 | 2 0 0 1 | - 1 1',
  'LookupEvents (by Username)': '2/1 | 1 0 0 1 | 2 1 1',
  'LookupEvents (by AccessKeyId)': '2/1 | 1 0 0 1 | 2 1 1',
  'LookupEvents (by ResourceName)': '3/2 | 2 0 0 1 | 4 1 1',
  'LookupEvents (by ResourceType)': '3/2 | 2 0 0 1 | 4 1 1',
  'LookupEvents (by EventSource)': '5/1 | 4 0 0 1 | - 1 1',
};

it('asks exactly this of DynamoDB, operation by operation', async () => {
  const calls = await measureOperations();
  expect(Object.fromEntries(calls.map(call => [titleOf(call), numbersOf(call)]))).toEqual(EXPECTED);
});

function titleOf({ operation, variant }: MeasuredCall): string {
  return variant ? `${operation} (${variant})` : operation;
}

function numbersOf(call: MeasuredCall): string {
  const { use } = call;
  const itemsRead = EXPECTED[titleOf(call)]?.includes('| - ') ? '-' : use.itemsRead;
  const requests = [use.reads, use.transactions, use.singleWrites, use.auditWrites];
  const items = [itemsRead, use.itemsWritten, use.auditItems];
  return `${use.roundTrips}/${use.sequential} | ${requests.join(' ')} | ${items.join(' ')}`;
}

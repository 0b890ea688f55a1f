/** Round trips, items and bytes that each operation asks of DynamoDB: exact, on the happy path. */
import type { OperationName } from '../lib/api/operations.ts';
import { type MeasuredCall, measureOperations } from './support/operationUse.ts';
import { type Cell, printTable, writeResult } from './support/result.ts';

const NAMES_BESIDE =
  "The names of the other servers' tools are read beside everything that is decided on, to warn of look-alikes.";

/** Why an operation misses the target. An operation that misses it and is not here is a regression, or needs a word. */
const REASONS: Partial<Record<OperationName, string>> = {
  RegisterService:
    "The validation is counted against the account's minute before any request leaves, and stays counted when a check fails: it cannot be part of the transaction. The one read refuses a taken name before the server is asked.",
  ValidateService:
    "The validation is counted against the account's minute before any request leaves, and stays counted when a check fails: it cannot be part of the transaction.",
  ValidateRegistration:
    'It stores nothing: the count of validations, before any request leaves, is its only change. Its event follows the checks as a write of its own.',
  AssociateService: NAMES_BESIDE,
  UpdateAssociation: NAMES_BESIDE,
  ListAssociations:
    'The space is read beside the page: an empty page cannot tell a space without associations from no space.',
  ListAssociationTools:
    'What was confirmed lies with the space, what the server offers with the server: both are read beside the association.',
  ListAccessTokens:
    'The space is read beside the page. When each token was last used is kept apart, so that noting it meets no change, and is read after the page, in one batch.',
  ListServiceAssociations:
    'A use count is read beside the page: an empty page cannot tell an unused service from no service.',
  ListServiceTools:
    'The service is read beside the catalogue: it says when the server was last asked, which mostly changes nothing in the catalogue.',
  ListInvocations:
    'The space is read beside the days that have calls, since no calls cannot tell a space from no space. The days are looked into one after the other until the page is full.',
  ListInvocationCounts:
    'The space is read beside the counters: none cannot tell a space without calls from no space.',
  LookupEvents:
    'Without an index, events lie in two shards for reads and two for changes, asked beside each other. Events of a resource are references, followed in a second step. A page that is not full goes on into earlier months.',
  DeleteAgentSpace:
    'The first transaction is the deletion with its event. The rest removes what the space left, at most five batches of it before the call answers.',
};

const calls = await measureOperations();
printTable(
  [
    'operation',
    'trips',
    'in turn',
    'reads',
    'trans',
    'single',
    'audit',
    'read items',
    'written',
    'of audit',
    'bytes',
    'of audit',
    'misses the target',
  ],
  calls.map(row),
);
const missed = calls.filter(({ misses }) => misses.length > 0);
console.log(`\n${calls.length - missed.length} of ${calls.length} calls keep the target. The others:`);
for (const one of missed) console.log(`- ${title(one)}: ${one.misses.join(', ')}. ${reasonOf(one)}`);
writeResult('roundTrips', {
  target:
    'reads and pages: 1 round trip beside the audit write; mutations: 1 transaction with its event, and at most 1 read',
  calls: calls.map(one => (one.misses.length > 0 ? { ...one, reason: reasonOf(one) } : one)),
});

function reasonOf({ operation }: MeasuredCall): string {
  return REASONS[operation] ?? 'Unexplained.';
}

function title({ operation, variant }: MeasuredCall): string {
  return variant ? `${operation} (${variant})` : operation;
}

function row(call: MeasuredCall): Cell[] {
  const { use } = call;
  return [
    title(call),
    use.roundTrips,
    use.sequential,
    use.reads,
    use.transactions,
    use.singleWrites,
    use.auditWrites,
    use.itemsRead,
    use.itemsWritten,
    use.auditItems,
    use.requestBytes,
    use.auditBytes,
    call.misses.join(', '),
  ];
}

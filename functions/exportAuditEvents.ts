import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { exportStream } from '../lib/auditExport/exportStream.ts';
import { exportDeps } from '../lib/deps/auditExport.ts';
import { inScope } from '../lib/scope.ts';

/** Milliseconds that a slice is given at least, retries included: what does not fit comes again. */
const RESERVE_MS = 60_000;

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

/** From the table's stream: audit events onto the event bus and into the logs. */
export const handler = (
  { Records }: DynamoDBStreamEvent,
  context: Invocation,
): Promise<DynamoDBBatchResponse> =>
  inScope({ functionName: 'exportAuditEvents', requestId: context.awsRequestId }, () =>
    exportStream(exportDeps(), Records, () => context.getRemainingTimeInMillis() > RESERVE_MS),
  );

import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { exportStream } from '../lib/auditExport/exportStream.ts';
import { exportDeps } from '../lib/deps/auditExport.ts';

/** Milliseconds that a slice is given at least, retries included: what does not fit comes again. */
const RESERVE_MS = 60_000;

/** From the table's stream: audit events onto the event bus and into the logs. */
export const handler = (
  { Records }: DynamoDBStreamEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<DynamoDBBatchResponse> =>
  exportStream(exportDeps(), Records, () => context.getRemainingTimeInMillis() > RESERVE_MS);

import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { batchesOf } from './batches.ts';

/** Stores lines, all of them when it resolves; after a failure, some may be stored. */
export type LogStream = (lines: readonly LogLine[]) => Promise<void>;

export interface LogLine {
  /** When it was stored, epoch milliseconds: at most a day ago, where CloudWatch Logs refuses what is older than 14. */
  at: number;
  text: string;
}

/** Limits of one PutLogEvents request; each event counts 26 bytes more than its text. */
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const EVENT_BYTES = 26;

/**
 * Writes JSON lines to a log group of CloudWatch Logs. By PutLogEvents, whose answer says that they are stored, not to
 * standard output, which Lambda passes on as well as it can.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function logStream(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
): LogStream {
  const place = { logGroupName, logStreamName };
  let created = false;
  const put = async (logEvents: InputLogEvent[]) => {
    if (!created) await createStream(client, place);
    created = true;
    try {
      const { rejectedLogEventsInfo } = await client.send(new PutLogEventsCommand({ ...place, logEvents }));
      if (rejectedLogEventsInfo) throw new Error('CloudWatch Logs rejected events for their time.');
    } catch (error) {
      // Somebody removed the stream: the next try makes it again.
      if (error instanceof ResourceNotFoundException) created = false;
      throw error;
    }
  };
  return async lines => {
    // One request has to be in the order of time.
    const events = lines
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, text }) => ({ timestamp: at, message: text }));
    const sizeOf = ({ message }: { message: string }) => Buffer.byteLength(message) + EVENT_BYTES;
    for (const batch of batchesOf(events, sizeOf, { items: MAX_EVENTS, bytes: MAX_BYTES })) await put(batch);
  };
}

async function createStream(
  client: CloudWatchLogsClient,
  place: { logGroupName: string; logStreamName: string },
): Promise<void> {
  try {
    await client.send(new CreateLogStreamCommand(place));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

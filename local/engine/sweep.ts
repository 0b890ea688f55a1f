import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from '../../lib/store/keys.ts';
import { TTL_ATTRIBUTE } from '../../lib/store/table.ts';

/** Items read per page: some milliseconds of the engine's time, so that no request waits long behind it. */
const PAGE_SIZE = 100;
/** Milliseconds between pages that find nothing: 100,000 items are passed in under one and a half hours. */
const INTERVAL_MS = 5_000;
/** How much sooner the next page comes while expired items turn up. */
const BUSY_FACTOR = 20;

export interface SweepOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** Milliseconds since 1970. */
  now: () => number;
  pageSize?: number;
}

export interface SweepPosition {
  /** Where the next page begins; the table's beginning when left out. */
  cursor?: Record<string, unknown>;
}

export interface SweepResult extends SweepPosition {
  read: number;
  removed: number;
}

/**
 * Reads one page of at most `pageSize` items and removes those whose `expiresAt` (epoch seconds) has passed. Each
 * removal is conditioned on that, so an item renewed in between stays. `signal` ends it between two removals.
 */
export async function sweepOnce(
  options: SweepOptions,
  position: SweepPosition = {},
  signal?: AbortSignal,
): Promise<SweepResult> {
  const expired = {
    ExpressionAttributeNames: { '#at': TTL_ATTRIBUTE },
    ExpressionAttributeValues: { ':now': Math.floor(options.now() / 1_000) },
  };
  const page = await options.client.send(
    new ScanCommand({
      TableName: options.tableName,
      Limit: options.pageSize ?? PAGE_SIZE,
      ...(position.cursor && { ExclusiveStartKey: position.cursor }),
      ...expired,
      ExpressionAttributeNames: { ...expired.ExpressionAttributeNames, '#pk': 'pk', '#sk': 'sk' },
      ProjectionExpression: '#pk, #sk',
      FilterExpression: '#at < :now',
    }),
  );
  let removed = 0;
  for (const { pk, sk } of (page.Items ?? []) as Key[]) {
    if (signal?.aborted) break;
    const command = { TableName: options.tableName, Key: { pk, sk }, ConditionExpression: '#at < :now' };
    if (await removeIf(options.client, new DeleteCommand({ ...command, ...expired }))) removed++;
  }
  const cursor = page.LastEvaluatedKey;
  return { read: page.ScannedCount ?? 0, removed, ...(cursor && { cursor }) };
}

async function removeIf(client: DynamoDBDocumentClient, command: DeleteCommand): Promise<boolean> {
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export interface RunningSweep {
  /** No new page; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Removes expired items for as long as the process runs, where the engine does not: page by page through the table,
 * then from its beginning again; sooner while it finds some. A page that fails is reported and tried again later.
 */
export function startSweep(
  options: SweepOptions & { intervalMs?: number; log?: (message: string) => void },
): RunningSweep {
  const intervalMs = options.intervalMs ?? INTERVAL_MS;
  const ended = new AbortController();
  let position: SweepPosition = {};
  let timer: NodeJS.Timeout | undefined;
  let page: Promise<void> = Promise.resolve();

  const schedule = (delayMs: number) => {
    if (ended.signal.aborted) return;
    timer = setTimeout(() => {
      page = step();
    }, delayMs).unref();
  };
  const step = async () => {
    try {
      const result = await sweepOnce(options, position, ended.signal);
      position = result.cursor ? { cursor: result.cursor } : {};
      schedule(result.removed > 0 ? intervalMs / BUSY_FACTOR : intervalMs);
    } catch (error) {
      position = {};
      if (!ended.signal.aborted) options.log?.(`Expired items were not removed: ${reason(error)}`);
      schedule(intervalMs);
    }
  };

  schedule(intervalMs);
  return {
    async stop() {
      ended.abort();
      clearTimeout(timer);
      await page;
    },
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

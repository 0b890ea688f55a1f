import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a stretch of work asked of DynamoDB, as counted on the wire. */
export interface StoreUse {
  /** HTTP requests, the SDK's own retries included. */
  roundTrips: number;
  /** The longest chain of requests each of which began after the one before had ended. */
  sequential: number;
  /** Requests that read. */
  reads: number;
  /** TransactWriteItems requests that change more than the audit trail. */
  transactions: number;
  /** Other requests that change more than the audit trail. */
  singleWrites: number;
  /** Requests that write audit items and nothing else. */
  auditWrites: number;
  /** Items the engine looked at: keys of Get requests, ScannedCount of a Query. */
  itemsRead: number;
  /** Puts, updates and deletes, those of the audit trail included. */
  itemsWritten: number;
  /** The part of `itemsWritten` that is the audit trail's. */
  auditItems: number;
  /** Bytes of request bodies. */
  requestBytes: number;
  /** The part of `requestBytes` that is the audit trail's. */
  auditBytes: number;
  /** Capacity units, where they are asked for: reads and writes as the engine tells them apart. */
  readUnits: number;
  writeUnits: number;
  /** Names of the requests, in the order in which they were sent. */
  requests: string[];
}

export interface StoreMeter {
  /** What `work` asked of DynamoDB while it ran; nothing else may use the client meanwhile. */
  measure<T>(work: () => Promise<T>): Promise<{ value: T; use: StoreUse }>;
}

/** Asks for consumed capacity too, which makes requests longer than they are otherwise. */
export interface MeterOptions {
  capacity: boolean;
}

/** Counts every request of a client at its last steps before and after the wire. */
export function meterStore(client: DynamoDBDocumentClient, { capacity }: MeterOptions): StoreMeter {
  let use = nothing();
  // How many requests in turn came to an end, over all stretches: their own are told by the difference.
  let ended = 0;
  let before = 0;
  client.middlewareStack.add(
    next => async args => {
      const current = use;
      const turn = ended + 1;
      current.sequential = Math.max(current.sequential, turn - before);
      const input = capacity ? { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const } : args.input;
      try {
        return await next({ ...args, input });
      } finally {
        ended = Math.max(ended, turn);
      }
    },
    { step: 'initialize', priority: 'low', name: 'meterCalls' },
  );
  client.middlewareStack.add(
    next => async args => {
      // Held, so that an answer that comes late is not added to the next stretch.
      const current = use;
      const request = args.request as WireRequest;
      countRequest(current, request);
      const result = await next(args);
      countAnswer(current, targetOf(request), result.output as WireAnswer);
      return result;
    },
    { step: 'finalizeRequest', priority: 'low', name: 'meterRequests' },
  );
  return {
    async measure(work) {
      use = nothing();
      before = ended;
      const measured = use;
      return { value: await work(), use: measured };
    },
  };
}

interface WireRequest {
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** The SDK's bytes complain when they are treated as a string, so only their memory is looked at. */
function textOf(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

interface WireAnswer {
  ScannedCount?: number;
  ConsumedCapacity?: Capacity | Capacity[];
}

interface Capacity {
  CapacityUnits?: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

type WireItem = Record<string, { S?: string }>;
type WireClause = Partial<Record<'Put' | 'Update' | 'Delete' | 'Get', { Item?: WireItem; Key?: WireItem }>>;

function countRequest(use: StoreUse, request: WireRequest): void {
  const target = targetOf(request);
  const text = textOf(request.body);
  const writes = writesOf(target, JSON.parse(text));
  const auditWrites = writes.filter(isAudit);
  use.requests.push(target);
  use.roundTrips++;
  use.requestBytes += Buffer.byteLength(text);
  use.itemsWritten += writes.length;
  use.auditItems += auditWrites.length;
  if (writes.length === 0) {
    use.reads++;
    use.itemsRead += keysRead(target, JSON.parse(text));
  } else if (auditWrites.length === writes.length) {
    use.auditWrites++;
    use.auditBytes += Buffer.byteLength(text);
  } else {
    if (target === 'TransactWriteItems') use.transactions++;
    else use.singleWrites++;
    use.auditBytes += auditWrites.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0);
  }
}

function countAnswer(
  use: StoreUse,
  target: string,
  { ScannedCount = 0, ConsumedCapacity }: WireAnswer,
): void {
  use.itemsRead += ScannedCount;
  const isWrite = /Put|Update|Delete|Write/.test(target);
  for (const one of [ConsumedCapacity ?? []].flat()) {
    const units = one.CapacityUnits ?? (one.ReadCapacityUnits ?? 0) + (one.WriteCapacityUnits ?? 0);
    if (isWrite) use.writeUnits += units;
    else use.readUnits += units;
  }
}

/** `GetItem` of `x-amz-target: DynamoDB_20120810.GetItem`. */
function targetOf({ headers }: WireRequest): string {
  const target = headers['x-amz-target']?.split('.')[1];
  if (!target)
    throw new Error('A request without x-amz-target: the SDK speaks another protocol than JSON 1.0.');
  return target;
}

interface WireBody {
  Item?: WireItem;
  Key?: WireItem;
  TransactItems?: WireClause[];
  /** Of BatchGetItem an object with keys, of BatchWriteItem a list of puts and deletes. */
  RequestItems?: Record<string, { Keys?: WireItem[] } | BatchedWrite[]>;
}

interface BatchedWrite {
  PutRequest?: { Item: WireItem };
  DeleteRequest?: { Key: WireItem };
}

function writesOf(target: string, body: WireBody): WireClause[] {
  switch (target) {
    case 'PutItem':
      return [{ Put: body }];
    case 'UpdateItem':
      return [{ Update: body }];
    case 'DeleteItem':
      return [{ Delete: body }];
    case 'TransactWriteItems':
      return (body.TransactItems ?? []).filter(({ Put, Update, Delete }) => Put ?? Update ?? Delete);
    case 'BatchWriteItem':
      return Object.values(body.RequestItems ?? {}).flatMap(batchedWrites);
    case 'GetItem':
    case 'Query':
    case 'TransactGetItems':
    case 'BatchGetItem':
      return [];
    default:
      throw new Error(`The meter does not know ${target}: tell it whether that reads or writes.`);
  }
}

function batchedWrites(batch: { Keys?: WireItem[] } | BatchedWrite[]): WireClause[] {
  if (!Array.isArray(batch)) return [];
  return batch.map(({ PutRequest, DeleteRequest }) => ({
    ...(PutRequest && { Put: PutRequest }),
    ...(DeleteRequest && { Delete: DeleteRequest }),
  }));
}

function keysRead(target: string, body: WireBody): number {
  if (target === 'GetItem') return 1;
  if (target === 'TransactGetItems') return body.TransactItems?.length ?? 0;
  return Object.values(body.RequestItems ?? {}).reduce(
    (sum, batch) => sum + ('Keys' in batch ? (batch.Keys?.length ?? 0) : 0),
    0,
  );
}

/** Partitions of events and of references to them (lib/store/keys.ts). */
function isAudit({ Put, Update, Delete }: WireClause): boolean {
  const pk = Put?.Item?.pk?.S ?? Update?.Key?.pk?.S ?? Delete?.Key?.pk?.S ?? '';
  return /^A#[^#]+#AU[DR]#/.test(pk);
}

function nothing(): StoreUse {
  return {
    roundTrips: 0,
    sequential: 0,
    reads: 0,
    transactions: 0,
    singleWrites: 0,
    auditWrites: 0,
    itemsRead: 0,
    itemsWritten: 0,
    auditItems: 0,
    requestBytes: 0,
    auditBytes: 0,
    readUnits: 0,
    writeUnits: 0,
    requests: [],
  };
}

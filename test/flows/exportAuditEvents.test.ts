import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/exportAuditEvents.ts';
import { hourAt } from '../../lib/archive/hours.ts';
import { eventItems } from '../../lib/audit/items.ts';
import { loadConfig } from '../../lib/config.ts';
import { exportDeps } from '../../lib/deps/auditExport.ts';
import { provide } from '../../lib/deps/provided.ts';
import { invocationRecord } from '../../lib/invocations/invocationRecord.ts';
import { segmentItem } from '../../lib/invocations/segment.ts';
import { keys } from '../../lib/store/keys.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { factsOf } from '../support/invocations.ts';
import { type Change, streamEvent } from '../support/lambda/stream.ts';
import { allItems } from '../support/table.ts';

// As on AWS: the function behind the table's stream.

const ACCOUNT = '111122223333';
const HOUR_MS = 3_600_000;
const NOW = Date.now();
const config = loadConfig({});
const inTime = { awsRequestId: 'run', getRemainingTimeInMillis: () => 300_000 };

const bus = mockClient(EventBridgeClient);
const logs = mockClient(CloudWatchLogsClient);
const queue = mockClient(SQSClient);

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
  provide({
    env: {
      ...{ TABLE_NAME: engine.tableName, DYNAMODB_ENDPOINT: engine.endpoint, PAGE_TOKEN_KEY: 'k'.repeat(22) },
      ...{ AUDIT_EVENT_BUS: 'default', AUDIT_LOG_GROUP: '/switchboard/audit' },
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/25/[$LATEST]0f',
      AUDIT_DEAD_LETTERS_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters',
    },
  });
  Object.assign(exportDeps(), { sleep: async () => {} });
}, 120_000);
afterAll(() => engine.stop());
beforeEach(() => {
  for (const mock of [bus, logs, queue]) mock.reset();
  bus.on(PutEventsCommand).callsFake(({ Entries }) => accepted(Entries));
  logs
    .on(CreateLogStreamCommand)
    .rejects(new ResourceAlreadyExistsException({ $metadata: {}, message: 'It exists.' }));
  logs.on(PutLogEventsCommand).resolves({});
  queue.on(SendMessageCommand).resolves({ MessageId: '1' });
});

function accepted(entries: readonly PutEventsRequestEntry[]) {
  return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: crypto.randomUUID() })) };
}

/** An event as it is stored, with as much text as is asked for. */
function change(at = NOW, text = '', more: Partial<Change> = {}): Change & { id: string } {
  const eventId = v7({ msecs: at });
  const facts = {
    ...{ eventId, eventName: 'UpdateAgentSpace', requestId: eventId, at, accountId: ACCOUNT },
    ...{ readOnly: false, requestParameters: { text }, responseElements: null },
    resources: [
      { type: 'AWS::DevOpsAgent::AgentSpace', id: 'as-1', arn: 'arn:aws:aidevops:::agentspace/as-1' },
    ],
  };
  const [put] = eventItems(facts as never, config, 'new');
  return { item: put?.item.Put?.Item as Change['item'], storedAt: at, id: eventId, ...more };
}

/** A stored segment of calls of tools. */
async function calls(count: number, at = NOW, more: Partial<Change> = {}): Promise<Change> {
  const records = Array.from({ length: count }, () => {
    const eventId = v7({ msecs: at });
    const facts = factsOf({ accountId: ACCOUNT, at });
    const json = JSON.stringify(invocationRecord(facts, eventId, config));
    return {
      accountId: ACCOUNT,
      agentSpaceId: facts.agentSpaceId,
      at,
      eventId,
      json: { bytes: json.length, text: () => json },
    };
  });
  const item = await segmentItem(records as never, config);
  // As the document client stores bytes.
  return { item: { ...item, data: Buffer.from(item.data) } as Change['item'], storedAt: at, ...more };
}

const entries = () => bus.commandCalls(PutEventsCommand).map(call => call.args[0].input.Entries ?? []);
const logged = () =>
  logs.commandCalls(PutLogEventsCommand).flatMap(call => call.args[0].input.logEvents ?? []);
const idsOnBus = () =>
  entries().flatMap(batch => batch.map(({ Detail }) => JSON.parse(Detail ?? '').eventID));
const idsInLogs = () => logged().map(({ message }) => JSON.parse(message ?? '').eventID);
const letters = () =>
  queue.commandCalls(SendMessageCommand).map(call => JSON.parse(call.args[0].input.MessageBody ?? ''));
const run = (changes: readonly Change[], context = inTime) => handler(streamEvent(changes), context);
const NONE: DynamoDBBatchResponse = { batchItemFailures: [] };
const failedAt = (changes: readonly Change[], n: number) => ({
  batchItemFailures: [{ itemIdentifier: streamEvent(changes).Records[n]?.dynamodb?.SequenceNumber }],
});

describe('the export of audit events', () => {
  it('puts a change on the bus, under our own source, and writes it into the logs', async () => {
    const one = change();
    expect(await run([one])).toEqual(NONE);
    const [entry] = entries()[0] ?? [];
    expect(entry).toMatchObject({
      EventBusName: 'default',
      Source: 'aidevops.switchboard',
      DetailType: 'Switchboard API Call',
      Resources: ['arn:aws:aidevops:::agentspace/as-1'],
      Time: new Date(Math.floor(NOW / 1000) * 1000),
    });
    const { record } = one.item as unknown as { record: string };
    expect(entry?.Detail).toBe(record);
    expect(logged()).toEqual([{ timestamp: Math.floor(NOW / 1000) * 1000, message: record }]);
    expect(logs.commandCalls(PutLogEventsCommand)[0]?.args[0].input).toMatchObject({
      logGroupName: '/switchboard/audit',
      logStreamName: '2026/11/25/[$LATEST]0f',
    });
  });

  it('unpacks calls of tools, each into an event of its own', async () => {
    expect(await run([await calls(100), change(), await calls(1)])).toEqual(NONE);
    expect(idsOnBus()).toHaveLength(102);
    expect(new Set(idsOnBus()).size).toBe(102);
    expect(idsInLogs().sort()).toEqual(idsOnBus().sort());
    const types = entries().flatMap(batch => batch.map(({ DetailType }) => DetailType));
    expect(types.filter(type => type === 'Switchboard Tool Call')).toHaveLength(101);
  });

  it('leaves everything else alone: other items, references, and what expires', async () => {
    const others = [
      { ...keys.service(ACCOUNT, 'mcpserver-1'), name: 'x' },
      { ...keys.eventReference(ACCOUNT, '202611', 'AWS::DevOpsAgent::Service', 'x'), expiresAt: 1 },
      { ...keys.invocationDay(ACCOUNT, 'space-1', '2026-11-25'), expiresAt: 1 },
      { ...keys.catalogue(ACCOUNT, 'mcpserver-1', 0), data: Buffer.of(1), chunks: 1 },
    ];
    const removed = [change(NOW, '', { eventName: 'REMOVE' }), await calls(3, NOW, { eventName: 'REMOVE' })];
    expect(await run([...others.map(item => ({ item, storedAt: NOW })), ...removed])).toEqual(NONE);
    expect([...entries(), ...logged(), ...letters()]).toEqual([]);
    // What took the place of another event is news.
    await run([change(NOW, '', { eventName: 'MODIFY' })]);
    expect(idsInLogs()).toHaveLength(1);
  });

  it('exports 1,000 records within the limits of its requests, in the order of time', async () => {
    const changes = Array.from({ length: 1_000 }, (_, n) =>
      change(NOW - ((n * 7) % 10) * 1000, 'x'.repeat(n * 90)),
    );
    expect(await run(changes)).toEqual(NONE);
    expect(idsOnBus().sort()).toEqual(changes.map(({ id }) => id).sort());
    expect(idsInLogs().sort()).toEqual(changes.map(({ id }) => id).sort());
    for (const batch of entries()) {
      expect(batch.length).toBeLessThanOrEqual(10);
      const bytes = batch.map(({ Source, DetailType, Detail, Resources = [] }) =>
        [Source, DetailType, Detail, ...Resources].reduce(
          (sum, text) => sum + Buffer.byteLength(text ?? ''),
          14,
        ),
      );
      expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(256 * 1024);
    }
    for (const call of logs.commandCalls(PutLogEventsCommand)) {
      const events = call.args[0].input.logEvents ?? [];
      const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message ?? '') + 26, 0);
      expect(bytes).toBeLessThanOrEqual(1_048_576);
      const times = events.map(({ timestamp }) => timestamp ?? 0);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('tolerates duplicates', async () => {
    const changes = [change(), await calls(2)];
    expect(await run([...changes, ...changes])).toEqual(NONE);
    expect(new Set(idsOnBus()).size).toBe(3);
    expect(await run(changes)).toEqual(NONE);
    expect(letters()).toEqual([]);
  });
});

describe('what cannot be exported', () => {
  const poison = (parts: object): Change => {
    const { item, storedAt } = change();
    return { item: { ...item, ...parts }, storedAt };
  };

  it('goes to the dead letters, and holds up nothing', async () => {
    const { item } = await calls(1);
    const changes = [
      change(),
      poison({ record: '{"eventID":' }),
      poison({ record: '{"eventID":"x"}' }),
      poison({ record: undefined }),
      { item: { ...item, data: Buffer.from('no gzip') }, storedAt: NOW },
      poison({ v: 2 }),
      change(),
    ];
    expect(await run(changes)).toEqual(NONE);
    expect(idsInLogs()).toHaveLength(2);
    expect(letters().map(({ keys: { sk } }) => sk)).toEqual(changes.slice(1, 6).map(one => one.item.sk));
    expect(letters()[4]?.reason).toBe('A newer version wrote it.');
    expect(letters()[0]).toMatchObject({
      reason: 'It cannot be read.',
      eventName: 'INSERT',
      streamArn: expect.stringContaining('/stream/'),
      keys: { pk: changes[1]?.item.pk },
      sequenceNumber: streamEvent(changes).Records[1]?.dynamodb?.SequenceNumber,
    });
    // Nothing of what it holds.
    expect(JSON.stringify(letters())).not.toContain('no gzip');
  });

  it('comes again when the dead letters do not take it', async () => {
    queue.on(SendMessageCommand).rejects(new Error('AccessDenied'));
    const changes = [change(), poison({ record: 'x' })];
    expect(await run(changes)).toEqual(failedAt(changes, 0));
    expect(logged()).toEqual([]);
  });

  it('goes to the dead letters too where the bus will never take it', async () => {
    const changes = [change(), change(), change()];
    bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: PutEventsRequestEntry[] }) => {
      const answers = Entries.map(({ Detail }) =>
        Detail?.includes(changes[1]?.id ?? '') ? { ErrorCode: 'MalformedDetail' } : { EventId: 'x' },
      );
      return { FailedEntryCount: 1, Entries: answers };
    });
    expect(await run(changes)).toEqual(NONE);
    expect(letters()).toMatchObject([{ reason: 'MalformedDetail', eventId: changes[1]?.id }]);
    // The logs take it.
    expect(idsInLogs()).toHaveLength(3);
  });
});

describe('a failure on the way', () => {
  it('of entries that are throttled is ridden out, without the entries that were taken', async () => {
    const changes = Array.from({ length: 10 }, () => change());
    const codes = ['ThrottlingException', 'InternalFailure', 'ThrottlingException'];
    bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: PutEventsRequestEntry[] }) => {
      const ErrorCode = codes.shift();
      const answers = Entries.map((_, n) => (ErrorCode && n % 2 ? { ErrorCode } : { EventId: 'x' }));
      return { FailedEntryCount: answers.length, Entries: answers };
    });
    expect(await run(changes)).toEqual(NONE);
    expect(entries().map(batch => batch.length)).toEqual([10, 5, 2, 1]);
    expect(idsInLogs()).toHaveLength(10);
  });

  it('of one entry names its record, once the others are on their way', async () => {
    const changes = Array.from({ length: 25 }, () => change());
    bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: PutEventsRequestEntry[] }) => ({
      FailedEntryCount: 1,
      Entries: Entries.map(({ Detail }) =>
        Detail?.includes(changes[13]?.id ?? '') ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' },
      ),
    }));
    expect(await run(changes)).toEqual(failedAt(changes, 13));
    expect(idsInLogs()).toEqual(changes.slice(0, 13).map(({ id }) => id));
    expect(letters()).toEqual([]);
  });

  it.each(['ThrottlingException', 'TimeoutError', 'AccessDeniedException', 'ValidationException'])(
    'of a request (%s) has the records sent again from its first',
    async name => {
      const changes = Array.from({ length: 25 }, () => change());
      let requests = 0;
      bus.on(PutEventsCommand).callsFake(({ Entries }) => {
        if (++requests === 2) throw Object.assign(new Error('no'), { name });
        return accepted(Entries);
      });
      expect(await run(changes)).toEqual(failedAt(changes, 10));
      // And from there to the end: nothing is lost.
      const rest = changes.slice(10);
      expect(await run(rest)).toEqual(NONE);
      expect(new Set(idsInLogs()).size).toBe(25);
      expect(new Set(idsOnBus()).size).toBe(25);
    },
  );

  it('of the logs has the records sent again', async () => {
    const changes = [change(), change()];
    logs
      .on(PutLogEventsCommand)
      .rejectsOnce(Object.assign(new Error('no'), { name: 'ServiceUnavailableException' }))
      .resolves({});
    expect(await run(changes)).toEqual(failedAt(changes, 0));
    expect(await run(changes)).toEqual(NONE);
    expect(idsInLogs().slice(-2)).toEqual(changes.map(({ id }) => id));
    logs.on(PutLogEventsCommand).resolvesOnce({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
    expect(await run(changes)).toEqual(failedAt(changes, 0));
  });

  it('of a log stream that somebody removed makes a new one', async () => {
    logs
      .on(PutLogEventsCommand)
      .rejectsOnce(new ResourceNotFoundException({ $metadata: {}, message: 'no' }))
      .resolves({});
    const changes = [change()];
    expect(await run(changes)).toEqual(failedAt(changes, 0));
    const before = logs.commandCalls(CreateLogStreamCommand).length;
    expect(await run(changes)).toEqual(NONE);
    expect(logs.commandCalls(CreateLogStreamCommand)).toHaveLength(before + 1);
  });

  it('of time leaves the rest to the next', async () => {
    const changes = Array.from({ length: 600 }, () => change());
    let slices = 1;
    const context = {
      awsRequestId: 'run',
      getRemainingTimeInMillis: () => (slices-- > 0 ? 300_000 : 30_000),
    };
    const { batchItemFailures } = await run(changes, context);
    const at = streamEvent(changes).Records.findIndex(
      ({ dynamodb }) => dynamodb?.SequenceNumber === batchItemFailures[0]?.itemIdentifier,
    );
    expect(at).toBeGreaterThan(0);
    expect(idsInLogs()).toEqual(changes.slice(0, at).map(({ id }) => id));
  });
});

describe('an event that was stored after its hour', () => {
  const marks = async () =>
    (await allItems(engine.client, engine.tableName))
      .filter(({ pk }) => pk === keys.archiveMarks())
      .map(({ sk }) => sk);

  it('has the archive look into that hour again', async () => {
    await run([change(NOW), await calls(1, NOW)]);
    expect(await marks()).toEqual([]);
    const at = NOW - 5 * HOUR_MS;
    await run([
      change(at, '', { storedAt: NOW }),
      change(at, '', { storedAt: NOW }),
      await calls(2, at, { storedAt: NOW }),
    ]);
    const [written, happened] = [hourAt(Date.now()), hourAt(at)];
    expect((await marks()).sort()).toEqual([
      `${written}#${ACCOUNT}#${happened}#-`,
      `${written}#${ACCOUNT}#${happened}#space-1`,
    ]);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureTable } from '../../../local/engine/ensureTable.ts';
import { startSweep, sweepOnce } from '../../../local/engine/sweep.ts';
import { availableKinds, startTestEngine, type TestEngine, testClient } from '../../support/engine.ts';

const NOW_SECONDS = 1_800_000_000;
const now = () => NOW_SECONDS * 1_000 + 999;

describe.each(availableKinds())('the sweep on %s', kind => {
  let engine: TestEngine;
  let tableName: string;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
  });
  beforeEach(async () => {
    tableName = `sweep-${randomUUID()}`;
    await ensureTable(engine.client, tableName);
  });
  afterAll(() => engine?.stop());

  const options = (pageSize = 100) => ({ client: engine.client, tableName, now, pageSize });
  const put = (sk: string, attributes: object) =>
    engine.client.send(new PutCommand({ TableName: tableName, Item: { pk: `p${sk}`, sk, ...attributes } }));
  const remaining = async () => {
    const page = await engine.client.send(new ScanCommand({ TableName: tableName }));
    return (page.Items ?? []).map(item => item.sk).sort();
  };

  it('removes what has expired and nothing else', async () => {
    await put('expired', { expiresAt: NOW_SECONDS - 1 });
    await put('long-expired', { expiresAt: 1 });
    await put('this-second', { expiresAt: NOW_SECONDS });
    await put('later', { expiresAt: NOW_SECONDS + 1 });
    await put('forever', {});
    await put('text', { expiresAt: '1' });
    expect(await sweepOnce(options())).toEqual({ read: 6, removed: 2 });
    expect(await remaining()).toEqual(['forever', 'later', 'text', 'this-second']);
  });

  it('reads bounded pages and resumes where it was', async () => {
    for (let i = 0; i < 10; i++) await put(String(i), { expiresAt: i % 2 ? 1 : NOW_SECONDS + 1 });
    const reads: number[] = [];
    let removed = 0;
    let cursor: Record<string, unknown> | undefined;
    do {
      const page = await sweepOnce(options(3), cursor ? { cursor } : {});
      expect(page.read).toBeLessThanOrEqual(3);
      reads.push(page.read);
      removed += page.removed;
      cursor = page.cursor;
    } while (cursor);
    expect(reads.reduce((sum, count) => sum + count)).toBe(10);
    expect(removed).toBe(5);
    expect(await remaining()).toEqual(['0', '2', '4', '6', '8']);
  });

  it('leaves an item that was renewed between reading and removing', async () => {
    await put('renewed', { expiresAt: 1 });
    await put('gone', { expiresAt: 1 });
    const client = testClient(engine.endpoint);
    client.middlewareStack.add(
      (next, context) => async args => {
        const answer = await next(args);
        if (context.commandName === 'ScanCommand') await put('renewed', { expiresAt: NOW_SECONDS + 60 });
        return answer;
      },
      { step: 'initialize' },
    );
    expect(await sweepOnce({ ...options(), client })).toEqual({ read: 2, removed: 1 });
    const key = { pk: 'prenewed', sk: 'renewed' };
    const kept = await engine.client.send(new GetCommand({ TableName: tableName, Key: key }));
    expect(kept.Item).toEqual({ ...key, expiresAt: NOW_SECONDS + 60 });
  });

  it('goes through the table page by page, again and again, until stopped', async () => {
    for (let i = 0; i < 5; i++) await put(String(i), { expiresAt: 1 });
    const sweep = startSweep({ ...options(2), intervalMs: 2 });
    while ((await remaining()).length > 0) await sleep(5);
    await put('second-round', { expiresAt: 1 });
    while ((await remaining()).length > 0) await sleep(5);
    await sweep.stop();
    await put('after', { expiresAt: 1 });
    await sleep(50);
    expect(await remaining()).toEqual(['after']);
  });

  it('stopped during a page, ends after the removal under way and begins no other page', async () => {
    await put('a', { expiresAt: 1 });
    await put('b', { expiresAt: 1 });
    const client = testClient(engine.endpoint);
    const commands: (string | undefined)[] = [];
    let stopping: Promise<void> | undefined;
    const sweep = startSweep({ ...options(), client, intervalMs: 2 });
    client.middlewareStack.add(
      (next, context) => async args => {
        commands.push(context.commandName);
        if (context.commandName === 'DeleteItemCommand') stopping = sweep.stop();
        return next(args);
      },
      { step: 'initialize' },
    );
    while (!stopping) await sleep(5);
    await stopping;
    await sleep(50);
    expect(commands).toEqual(['ScanCommand', 'DeleteItemCommand']);
    expect(await remaining()).toHaveLength(1);
  });

  it('reports a page that fails, without its contents, and goes on', async () => {
    await put('expired', { expiresAt: 1 });
    const client = testClient(engine.endpoint);
    let failures = 2;
    client.middlewareStack.add(
      next => async args => {
        if (failures-- > 0) throw new Error('canary-51e0');
        return next(args);
      },
      { step: 'initialize' },
    );
    const messages: string[] = [];
    const sweep = startSweep({ ...options(), client, intervalMs: 2, log: message => messages.push(message) });
    while ((await remaining()).length > 0) await sleep(5);
    await sweep.stop();
    expect(messages).toEqual(Array(2).fill('Expired items were not removed: Error'));
  });
});

import { gunzipSync } from 'node:zlib';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { InvocationFacts } from '../../lib/invocations/invocationFacts.ts';
import { createInvocationLog } from '../../lib/invocations/invocationLog.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/app.ts';
import { factsOf } from '../support/invocations.ts';
import { provePaging, walk } from './paging.ts';
import {
  createSpace,
  eventOf,
  expectError,
  expectInvalid,
  fresh,
  ok,
  proveForeign,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';

const world = startWorld();

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Noon of yesterday: what is around it is neither in the future nor beyond the retention. */
const NOON = Math.floor(Date.now() / DAY) * DAY - DAY / 2;

type Call = Partial<InvocationFacts>;

/** Records calls and flushes after every `each`; their request ids, in the order of the calls. */
async function recorded(
  agentSpaceId: string,
  calls: readonly Call[],
  each = calls.length,
): Promise<string[]> {
  const log = createInvocationLog(world.app.deps);
  const ids: string[] = [];
  for (const [n, call] of calls.entries()) {
    const requestId = fresh('call-');
    log.record(factsOf({ agentSpaceId, requestId, ...call }));
    ids.push(requestId);
    if ((n + 1) % each === 0) await log.flush();
  }
  await log.close();
  expect(log.stats()).toMatchObject({ queued: 0, dropped: 0, written: calls.length });
  return ids;
}

const idOf = ({ requestId }: { requestId: string }) => requestId;

const list = async (input: object) => ok(await world.app.call('ListInvocations', input));
const listed = async (input: object): Promise<string[]> => (await list(input)).invocations.map(idOf);

const pagedOf = (input: object, all: string[] = []) =>
  ({ operation: 'ListInvocations', input, member: 'invocations', id: idOf, all }) as const;

const ids = (pages: string[][]) => pages.flat();

it('tells who called which tool of which server, when, from where and how it ended', async () => {
  const agentSpaceId = await createSpace(world);
  const failure = { code: 'UpstreamTimeout', message: 'The server did not answer within 60 s.' };
  const [requestId] = await recorded(agentSpaceId, [
    { at: NOON + 7, durationMs: 41.6, outcome: 'failed', failure },
  ]);
  const answer = await world.app.call('ListInvocations', { agentSpaceId });
  expect(ok(answer)).toEqual({
    invocations: [
      {
        invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: new Date(NOON + 7).toISOString(),
        outcome: 'failed',
        errorCode: 'UpstreamTimeout',
        errorMessage: 'The server did not answer within 60 s.',
        durationMs: 42,
        visibleName: 'notes_search',
        serviceId: 'mcpserver-1',
        serverName: 'notes',
        tool: 'search',
        endpoint: 'https://notes.example.com/mcp',
        tokenId: 'tok-1',
        tokenName: 'night shift',
        sourceIp: '192.0.2.7',
        requestId,
      },
    ],
  });
  const event = await eventOf(world.app, 'ListInvocations', answer);
  expect(event.requestParameters).toEqual({ agentSpaceId });
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
});

it('refuses spaces that are not there or foreign, and keeps accounts apart', async () => {
  const agentSpaceId = await createSpace(world);
  expect(await list({ agentSpaceId })).toEqual({ invocations: [] });
  await recorded(agentSpaceId, [{ at: NOON }]);
  await proveForeign(world, 'ListInvocations', { agentSpaceId });
  const unknown = await world.app.call('ListInvocations', { agentSpaceId: crypto.randomUUID() });
  expectError(unknown, 'ResourceNotFoundException', 404);
  // A record of another account under the same space id, were there one.
  await recorded(agentSpaceId, [{ at: NOON, accountId: OTHER_ACCOUNT }]);
  expect(await listed({ agentSpaceId })).toHaveLength(1);
  expectInvalid(await world.app.call('ListInvocations', { agentSpaceId, serviceId: 'a b' }), ['/serviceId']);
});

it('has nothing of arguments and results, nor does the table', async () => {
  const agentSpaceId = await createSpace(world);
  const canary = 'c4n4ry-argument';
  const more = { arguments: { secret: canary }, params: canary, result: { content: [{ text: canary }] } };
  await recorded(agentSpaceId, [{ at: NOON, ...more } as Call]);
  const { invocations } = await list({ agentSpaceId });
  expect(invocations).toHaveLength(1);
  expect(JSON.stringify(invocations)).not.toContain(canary);
  const segments = (await scan(world.app)).filter(({ pk }) => pk.includes(`#P#${agentSpaceId}#INV#`));
  const texts = segments.map(({ data, ...rest }) => JSON.stringify(rest) + gunzipSync(data as Uint8Array));
  expect(texts.join()).toContain('notes_search');
  expect(texts.join()).not.toContain(canary);
});

describe('pages', () => {
  it('are exact, newest first, over seconds, hours, days and long gaps', async () => {
    const [agentSpaceId, other] = [await createSpace(world), await createSpace(world)];
    const gaps = [0, 1, 999, 1_000, HOUR, DAY, DAY + 1, 2 * DAY + 13 * HOUR, 40 * DAY, 41 * DAY, 88 * DAY];
    const calls = gaps.toReversed().map(gap => ({ at: NOON - gap }));
    const all = (await recorded(agentSpaceId, calls)).toReversed();
    await recorded(other, [{ at: NOON }]);
    const input = { agentSpaceId };
    const start = new Date(NOON - 89 * DAY).toISOString();
    const filters = [
      { agentSpaceId: other },
      { ...input, serviceId: 'mcpserver-1' },
      { ...input, startTime: start },
      { ...input, endTime: new Date(NOON + HOUR).toISOString() },
    ];
    await provePaging(world, { ...pagedOf(input, all), others: filters });
    await provePaging(world, { ...pagedOf(filters[1] as object, all), others: [input] });
    await provePaging(world, { ...pagedOf(filters[2] as object, all), others: [input] });
  });

  it('go through one segment, through many of one second, and through both', async () => {
    const agentSpaceId = await createSpace(world);
    const packed = await recorded(
      agentSpaceId,
      Array.from({ length: 130 }, (_, n) => ({ at: NOON + n })),
    );
    const single = await recorded(
      agentSpaceId,
      Array.from({ length: 30 }, (_, n) => ({ at: NOON + 1_000 + n })),
      1,
    );
    const all = [...packed, ...single].toReversed();
    for (const size of [7, 30, 99, 100]) {
      expect(ids(await walk(world, pagedOf({ agentSpaceId }), size))).toEqual(all);
    }
  });

  it('tell every call once where processes wrote at the same time, in the order of seconds', async () => {
    const agentSpaceId = await createSpace(world);
    const perProcess = (from: number) =>
      Array.from({ length: 90 }, (_, n) => ({ at: NOON - HOUR + from + n * 53 }));
    const written = await Promise.all([0, 11, 29].map(from => recorded(agentSpaceId, perProcess(from), 7)));
    for (const size of [3, 100]) {
      const pages = await walk(world, pagedOf({ agentSpaceId }), size);
      expect(ids(pages).toSorted()).toEqual(written.flat().toSorted());
    }
    const times: string[] = (await list({ agentSpaceId, maxResults: 100 })).invocations.map(
      ({ time }: { time: string }) => time.slice(0, 19),
    );
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('are not disturbed by calls that are recorded meanwhile', async () => {
    const agentSpaceId = await createSpace(world);
    const all = await recorded(
      agentSpaceId,
      Array.from({ length: 20 }, (_, n) => ({ at: NOON + n * 400 })),
      3,
    );
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await list({ agentSpaceId, maxResults: 3, ...(nextToken ? { nextToken } : {}) });
      seen.push(...page.invocations.map(idOf));
      nextToken = page.nextToken;
      await recorded(agentSpaceId, [{ at: Date.now() }]);
    } while (nextToken);
    expect(seen).toEqual(all.toReversed());
  });

  it('are short, with a token, where little of much is asked for, and still tell everything', async () => {
    const agentSpaceId = await createSpace(world);
    const rare = { serviceId: 'mcpserver-rare' };
    const calls = Array.from({ length: 700 }, (_, n): Call => ({ at: NOON - n * 1_000 }));
    const [oldest] = await recorded(agentSpaceId, [{ at: NOON - 701_000, ...rare }, ...calls]);
    const pages = await walk(world, pagedOf({ agentSpaceId, ...rare }), 10);
    expect(pages).toEqual([[], [oldest]]);
  });

  it('skip empty days, and look into a bounded number of others', async () => {
    const agentSpaceId = await createSpace(world);
    const days = Array.from({ length: 60 }, (_, n) => ({ at: NOON - (59 - n) * DAY }));
    const all = (await recorded(agentSpaceId, days)).toReversed();
    const pages = await walk(world, pagedOf({ agentSpaceId }), 100);
    expect(pages.map(page => page.length)).toEqual([24, 24, 12]);
    expect(ids(pages)).toEqual(all);
  });
});

describe('filters', () => {
  it('by server', async () => {
    const agentSpaceId = await createSpace(world);
    const { serviceId: _, ...none } = factsOf({ agentSpaceId, at: NOON });
    const log = createInvocationLog(world.app.deps);
    log.record(none);
    await log.close();
    const [a, b] = await recorded(agentSpaceId, [
      { at: NOON, serviceId: 'mcpserver-a' },
      { at: NOON, serviceId: 'mcpserver-b' },
    ]);
    expect(await listed({ agentSpaceId, serviceId: 'mcpserver-a' })).toEqual([a]);
    expect(await listed({ agentSpaceId, serviceId: 'mcpserver-b' })).toEqual([b]);
    expect(await listed({ agentSpaceId, serviceId: 'mcpserver-c' })).toEqual([]);
    expect(await listed({ agentSpaceId })).toHaveLength(3);
  });

  it('by time, both ends included to the second, in ISO 8601 or epoch seconds', async () => {
    const agentSpaceId = await createSpace(world);
    const at = [-1, 0, 999, 1_000, DAY].map(ms => ({ at: NOON + ms - DAY }));
    const [before, first, last, after, late] = await recorded(agentSpaceId, at);
    const from = NOON - DAY;
    const berlin = new Date(from + HOUR).toISOString().replace('Z', '+01:00');
    for (const time of [new Date(from).toISOString(), berlin, from / 1_000, `${from / 1_000}.5`]) {
      expect(await listed({ agentSpaceId, startTime: time, endTime: time })).toEqual([last, first]);
      expect(await listed({ agentSpaceId, startTime: time })).toEqual([late, after, last, first]);
      expect(await listed({ agentSpaceId, endTime: time })).toEqual([last, first, before]);
    }
    expect(await listed({ agentSpaceId, startTime: 0, endTime: 1 })).toEqual([]);
    expect(await listed({ agentSpaceId, startTime: '9999-12-31T23:59:59Z' })).toEqual([]);
    expect(await listed({ agentSpaceId, endTime: '0000-01-01T00:00:00+14:00' })).toEqual([]);
  });

  it('by time that is none', async () => {
    const agentSpaceId = await createSpace(world);
    const bad = ['', 'yesterday', '2026-11-23', '2026-11-23T10:00:00', '2026-02-30T00:00:00Z', '-1', '1e9'];
    for (const time of [...bad, 'NaN', String(NOON), '2026-11-23T10:00:00Z\u0000']) {
      const startTime = await world.app.call('ListInvocations', { agentSpaceId, startTime: time });
      expectInvalid(startTime, ['/startTime', /must be a time such as .*, or epoch seconds/]);
      const endTime = await world.app.call('ListInvocations', { agentSpaceId, endTime: time });
      expectInvalid(endTime, ['/endTime', /must be a time/]);
    }
    const turned = { agentSpaceId, startTime: NOON / 1_000 + 1, endTime: NOON / 1_000 };
    expectInvalid(await world.app.call('ListInvocations', turned), ['/startTime', /after endTime/]);
  });
});

describe('what is kept', () => {
  it('is not shown any more when it has expired, removed or not', async () => {
    const agentSpaceId = await createSpace(world);
    const [, kept] = await recorded(agentSpaceId, [{ at: NOON - 91 * DAY }, { at: NOON }]);
    expect(await listed({ agentSpaceId })).toEqual([kept]);
    const items = (await scan(world.app)).filter(({ pk }) => pk.includes(`#P#${agentSpaceId}#INV#`));
    expect(items).toHaveLength(2);
    const { engine } = world.app;
    const expired = items.map(item => ({ PutRequest: { Item: { ...item, expiresAt: 1 } } }));
    await engine.client.send(new BatchWriteCommand({ RequestItems: { [engine.tableName]: expired } }));
    expect(await list({ agentSpaceId })).toEqual({ invocations: [] });
  });

  it('outlives its space in the table, where nobody lists it', async () => {
    const agentSpaceId = await createSpace(world);
    await recorded(agentSpaceId, [{ at: NOON }]);
    const { nextToken } = await list({ agentSpaceId, maxResults: 1 });
    expect(nextToken).toBeUndefined();
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
    const answer = await world.app.call('ListInvocations', { agentSpaceId });
    expectError(answer, 'ResourceNotFoundException', 404, /no agent space/);
    const left = (await scan(world.app)).filter(({ pk }) => pk.startsWith(`A#${ACCOUNT}#P#${agentSpaceId}`));
    const kinds = left.map(({ pk }) => pk.replace(/.*#(INV|CNT)/, '$1').slice(0, 4));
    expect(kinds.toSorted()).toEqual(['CNT', 'INV', 'INV#']);
  });
});

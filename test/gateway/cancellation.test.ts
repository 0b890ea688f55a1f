import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentApp,
  eventually,
  type OneServerSpace,
  openSpace,
  startAgentApp,
} from '../support/agents.ts';
import { asAgent, v1Client, v2Client } from '../support/clients/sdk.ts';
import { exchange, legacyMessage, modernMessage, post, type WireMessage } from '../support/clients/wire.ts';
import { startLegacy } from '../support/mcp/legacy.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import type { ToolContext } from '../support/mcp/toolShelf.ts';

let app: AgentApp;
/** Calls of `wait` that the server works on, and those that it was told to stop. */
const seen = { started: 0, cancelled: 0 };

beforeAll(async () => {
  app = await startAgentApp();
});
afterAll(() => app.stop());

const tools = [
  {
    name: 'wait',
    description: 'Waits until it is told to stop.',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
  },
];

async function wait(_: object, { signal }: ToolContext) {
  seen.started++;
  await new Promise(resolve => signal.addEventListener('abort', resolve));
  seen.cancelled++;
  return { content: [] };
}

const SERVERS = { modern: startModern, legacy: startLegacy };

describe.each(Object.entries(SERVERS))('a call that a %s server works on', (_, start) => {
  let peer: McpPeer;
  let open: OneServerSpace;

  beforeAll(async () => {
    peer = await start({ tools, acts: { wait } });
    open = await openSpace(app, peer, ['wait']);
  });
  beforeEach(() => Object.assign(seen, { started: 0, cancelled: 0 }));
  afterAll(() => peer.close());

  const started = (count = 1) => eventually(async () => seen.started === count);
  const cancelled = (count = 1) => eventually(async () => seen.cancelled === count);
  const call = (message: typeof modernMessage | typeof legacyMessage): WireMessage =>
    message('tools/call', { name: `${open.name}_wait` }, 'call-1');
  const lastOutcome = async () => (await app.invocations(open.space)).at(-1)?.outcome;

  it.each([
    ['2026-07-28', modernMessage],
    ['2025-11-25', legacyMessage],
  ])('ends when an agent of %s leaves', async (_version, message) => {
    const leaving = new AbortController();
    const answer = post(open.endpoint, call(message), leaving.signal);
    answer.catch(() => {});
    await started();
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await cancelled();
    await eventually(async () => (await lastOutcome()) === 'cancelled');
  });

  it('ends when an agent of an earlier protocol says so, and its request is answered', async () => {
    const answer = exchange(open.endpoint, call(legacyMessage));
    await started();
    await exchange(open.endpoint, legacyMessage('notifications/cancelled', { requestId: 'call-1' }));
    await cancelled();
    expect((await answer).message.error.data.code).toBe('CALL_CANCELLED');
    expect(await lastOutcome()).toBe('cancelled');
  });

  it('ends for no one but the agent and the session that called', async () => {
    const inSession = (message: WireMessage, id: string): WireMessage => ({
      ...message,
      headers: { ...message.headers, 'mcp-session-id': id },
    });
    const leaving = new AbortController();
    const answer = post(open.endpoint, inSession(call(legacyMessage), 'mine'), leaving.signal);
    answer.catch(() => {});
    await started();
    const cancel = legacyMessage('notifications/cancelled', { requestId: 'call-1' });
    const other = { ...open.endpoint, token: await app.token(open.space) };
    await exchange(other, inSession(cancel, 'mine'));
    await exchange(open.endpoint, inSession(cancel, 'another'));
    await exchange(
      open.endpoint,
      inSession(legacyMessage('notifications/cancelled', { requestId: 1 }), 'mine'),
    );
    await sleep(200);
    expect(seen.cancelled).toBe(0);
    await exchange(open.endpoint, inSession(cancel, 'mine'));
    await cancelled();
  });

  it('ends alone: others in the same session go on', async () => {
    const answers = ['a', 'b', 'c'].map(id =>
      exchange(open.endpoint, legacyMessage('tools/call', { name: `${open.name}_wait` }, id)),
    );
    await started(3);
    await exchange(open.endpoint, legacyMessage('notifications/cancelled', { requestId: 'b' }));
    await cancelled();
    await sleep(200);
    expect(seen.cancelled).toBe(1);
    for (const requestId of ['a', 'c']) {
      await exchange(open.endpoint, legacyMessage('notifications/cancelled', { requestId }));
    }
    await Promise.all(answers);
    await cancelled(3);
  });

  it.each([
    ['v2 SDK, 2026-07-28', async () => asAgent(await v2Client(open.endpoint, 'auto'))],
    ['v2 SDK, earlier protocol', async () => asAgent(await v2Client(open.endpoint, 'legacy'))],
    ['v1 SDK', async () => asAgent(await v1Client(open.endpoint))],
  ])('ends when the %s gives up', async (_name, connect) => {
    const client = await connect();
    const giveUp = new AbortController();
    const answer = client.call(`${open.name}_wait`, {}, { signal: giveUp.signal });
    answer.catch(() => {});
    await started();
    giveUp.abort();
    await expect(answer).rejects.toThrow();
    await cancelled();
    await client.close();
  });
});

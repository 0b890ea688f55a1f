import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allow, newSpace } from '../support/agents.ts';
import { textOf, wireAgent } from '../support/agentWire.ts';
import { startAgentWorld } from '../support/agentWorld.ts';
import { advance } from '../support/clock.ts';

const DAY_MS = 86_400_000;
/** Milliseconds within which a change counts in a process that has just used what was changed. */
const EFFECTIVE_MS = 5_000;

const world = startAgentWorld();

let space: string;

beforeAll(async () => {
  space = await newSpace(world.app);
  await allow(world.app, space, world.service, ['echo', 'write_note']);
});

interface Token {
  tokenId: string;
  value: string;
}

let token: Token;
beforeEach(async () => {
  token = await create();
  expect(await used(token.value)).toBe('a');
});

async function create(more: object = {}): Promise<Token> {
  const input = { agentSpaceId: space, name: 'agent', scope: 'operate', ...more };
  const { body } = await world.app.call('CreateAccessToken', input);
  return { tokenId: body.accessToken.tokenId, value: body.tokenValue };
}

async function rotate({ tokenId }: Token): Promise<string> {
  const { body } = await world.app.call('RotateAccessToken', { agentSpaceId: space, tokenId });
  return body.tokenValue;
}

/** What a call with a token comes to: its text, or the status that refused it. */
async function used(value: string, name = 'srv_echo'): Promise<string | number> {
  const asked = world.peer.calls.length;
  const answer = await wireAgent(world.app, space, value).call(name, { text: 'a' });
  if (answer.status !== 200) expect(world.peer.calls.length).toBe(asked);
  return answer.status === 200 ? textOf(answer) : answer.status;
}

describe('in a process that knows the token, within five seconds', () => {
  it('a revoked token is refused', async () => {
    const { tokenId } = token;
    await world.app.call('RevokeAccessToken', { agentSpaceId: space, tokenId });
    advance(EFFECTIVE_MS);
    expect(await used(token.value)).toBe(401);
  });

  it('the old value of a rotated token is refused', async () => {
    await rotate(token);
    advance(EFFECTIVE_MS);
    expect(await used(token.value)).toBe(401);
  });

  it('the tokens of a deleted space are refused', async () => {
    const agentSpaceId = await newSpace(world.app);
    const agent = wireAgent(world.app, agentSpaceId, await world.app.token(agentSpaceId));
    expect(await agent.names()).toEqual([]);
    await world.app.call('DeleteAgentSpace', { agentSpaceId });
    advance(EFFECTIVE_MS);
    expect((await agent.request('tools/list')).status).toBe(401);
  });
});

describe('a rotated token', () => {
  it('is let in with its new value at once, and then with no other', async () => {
    const value = await rotate(token);
    expect(await used(value)).toBe('a');
    expect(await used(token.value)).toBe(401);
    const next = await rotate(token);
    expect(await used(next)).toBe('a');
    expect(await used(value)).toBe(401);
  });

  it('comes back into use at once after it has expired', async () => {
    const short = await create({ expiresInDays: 1 });
    expect(await used(short.value)).toBe('a');
    advance(DAY_MS);
    expect(await used(short.value)).toBe(401);
    expect(await used(await rotate(short))).toBe('a');
  });
});

it('a token is refused from the second on that it expires', async () => {
  const { body } = await world.app.call('CreateAccessToken', {
    agentSpaceId: space,
    name: 'short',
    scope: 'read',
    expiresInDays: 1,
  });
  const left = Date.parse(body.accessToken.expiresAt) - Date.now();
  advance(left - 60_000);
  expect(await used(body.tokenValue)).toBe('a');
  advance(60_000);
  expect(await used(body.tokenValue)).toBe(401);
});

it('a scope is the token’s own, whatever others of the space may do', async () => {
  const reader = await create({ scope: 'read' });
  expect(await used(token.value, 'srv_write_note')).toBe('a');
  const { last } = await wireAgent(world.app, space, reader.value).call('srv_write_note', { text: 'a' });
  expect(last.error).toEqual({ code: -32_602, message: 'Unknown tool: srv_write_note' });
});

it('a token is good for the addresses that it names alone', async () => {
  const here = await create({ allowedCidrs: ['127.0.0.1/32', '2001:db8::/32'] });
  const elsewhere = await create({ allowedCidrs: ['192.0.2.0/24'] });
  expect(await used(here.value)).toBe('a');
  expect(await used(elsewhere.value)).toBe(401);
  const headers = { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7', 'x-real-ip': '192.0.2.7' };
  const claimed = await wireAgent(world.app, space, elsewhere.value).call('srv_echo', {}, { headers });
  expect(claimed.status).toBe(401);
});

it('says when it was last used, within five minutes', async () => {
  const { body } = await world.app.call('ListAccessTokens', { agentSpaceId: space });
  const { lastUsedAt } = body.accessTokens.find((one: Token) => one.tokenId === token.tokenId);
  expect(Math.abs(Date.parse(lastUsedAt) - Date.now())).toBeLessThan(300_000);
});

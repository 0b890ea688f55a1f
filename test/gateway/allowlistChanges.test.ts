import { beforeEach, describe, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { allow, newSpace, registerServer } from '../support/agents.ts';
import { textOf, type WireAgent, wireAgent } from '../support/agentWire.ts';
import { startAgentWorld } from '../support/agentWorld.ts';
import { advance } from '../support/clock.ts';
import { startModern } from '../support/mcp/modern.ts';

const WARNINGS = 'switchboard/warnings';
/** Milliseconds within which a change counts in a process that has just used what was changed. */
const EFFECTIVE_MS = 5_000;

const world = startAgentWorld();

let space: string;
let associationId: string;
let agent: WireAgent;
beforeEach(async () => {
  space = await newSpace(world.app);
  const association = await allow(world.app, space, world.service, ['echo', 'write_note']);
  associationId = association.associationId;
  agent = wireAgent(world.app, space, await world.app.token(space));
  expect(await agent.names()).toEqual(['srv_echo', 'srv_write_note']);
});

/** An operation that must succeed, as long ago as takes to count. */
async function change(name: OperationName, input: object): Promise<void> {
  const { error, body } = await world.app.call(name, input);
  expect([error, body?.message]).toEqual([undefined, undefined]);
  advance(EFFECTIVE_MS);
}

const allowing = (tools: string[], toolDetails: object[] = []) => ({
  agentSpaceId: space,
  associationId,
  configuration: { mcpserver: { tools, toolDetails } },
});
const unknown = (name: string) => ({ code: -32_602, message: `Unknown tool: ${name}` });

describe('counts within five seconds:', () => {
  it('a tool that is no longer allowed, and one that is allowed again', async () => {
    await change('UpdateAssociation', allowing(['write_note']));
    const asked = world.peer.calls.length;
    expect((await agent.call('srv_echo', { text: 'a' })).last.error).toEqual(unknown('srv_echo'));
    expect(await agent.names()).toEqual(['srv_write_note']);
    expect(world.peer.calls.length).toBe(asked);
    await change('UpdateAssociation', allowing(['echo', 'write_note']));
    expect(textOf(await agent.call('srv_echo', { text: 'b' }))).toBe('b');
  });

  it('a classification', async () => {
    const reader = wireAgent(world.app, space, await world.app.token(space, 'read'));
    const as = (toolClassification: string) =>
      change('UpdateAssociation', allowing(['echo'], [{ name: 'echo', toolClassification }]));
    expect(textOf(await reader.call('srv_echo', { text: 'a' }))).toBe('a');
    await as('MUTATIVE');
    expect((await reader.call('srv_echo', { text: 'a' })).last.error).toEqual(unknown('srv_echo'));
    expect(textOf(await agent.call('srv_echo', { text: 'b' }))).toBe('b');
    await as('DESTRUCTIVE');
    expect((await agent.call('srv_echo', { text: 'a' })).last.error).toEqual(unknown('srv_echo'));
    expect(await agent.names()).toEqual([]);
    await as('READ_ONLY');
    expect(textOf(await reader.call('srv_echo', { text: 'c' }))).toBe('c');
  });

  it('that a space forbids elevated actions', async () => {
    const set = (elevatedActionsEnabled: boolean) =>
      change('UpdateAgentSpace', { agentSpaceId: space, preferences: { elevatedActionsEnabled } });
    await set(false);
    expect(await agent.names()).toEqual(['srv_echo']);
    const refused = await agent.call('srv_write_note', { text: 'a' });
    expect(refused.last.error).toEqual(unknown('srv_write_note'));
    await set(true);
    expect(textOf(await agent.call('srv_write_note', { text: 'b' }))).toBe('b');
  });

  it('a connection that was removed', async () => {
    await change('DisassociateService', { agentSpaceId: space, associationId });
    expect((await agent.call('srv_echo', { text: 'a' })).last.error).toEqual(unknown('srv_echo'));
    expect(await agent.names()).toEqual([]);
    const ofServer = wireAgent(world.app, space, await world.app.token(space), 'srv');
    expect(await ofServer.call('echo')).toMatchObject({
      status: 404,
      last: { error: { data: { code: 'NO_SUCH_SERVER' } } },
    });
  });

  it('a service that is disabled, with everything kept for when it is enabled', async () => {
    await change('UpdateService', { serviceId: world.service, state: 'DISABLED' });
    const asked = world.peer.requests.length;
    const { last } = await agent.call('srv_echo', { text: 'a' });
    expect(last.error).toMatchObject({ code: -32_000, data: { code: 'SERVER_DISABLED' } });
    expect((await world.app.invocations(space)).at(-1)).toMatchObject({
      outcome: 'refused',
      errorCode: 'SERVER_DISABLED',
      serviceId: world.service,
      tool: 'echo',
    });
    const list = await agent.request('tools/list');
    expect(list.last.result.tools).toEqual([]);
    expect(list.last.result._meta[WARNINGS]).toMatchObject([{ server: 'srv', code: 'SERVER_DISABLED' }]);
    expect(world.peer.requests.length).toBe(asked);
    await change('UpdateService', { serviceId: world.service, state: 'ENABLED' });
    expect(await agent.names()).toEqual(['srv_echo', 'srv_write_note']);
    expect(textOf(await agent.call('srv_echo', { text: 'b' }))).toBe('b');
  });

  it('a service that is disabled, for agents that ask for tools it may have got meanwhile', async () => {
    await change('UpdateAssociation', allowing(['*']));
    await change('UpdateService', { serviceId: world.service, state: 'DISABLED' });
    const asked = world.peer.requests.length;
    advance(60_000);
    expect((await agent.call('srv_fresh')).last.error).toEqual(unknown('srv_fresh'));
    expect(world.peer.requests.length).toBe(asked);
    await change('UpdateService', { serviceId: world.service, state: 'ENABLED' });
  });

  it('a space that is disabled, with everything kept for when it is enabled', async () => {
    await change('UpdateAgentSpace', { agentSpaceId: space, state: 'DISABLED' });
    const asked = world.peer.requests.length;
    for (const answer of [await agent.call('srv_echo'), await agent.request('tools/list')]) {
      expect(answer).toMatchObject({ status: 403, last: { error: { data: { code: 'SPACE_DISABLED' } } } });
    }
    expect(world.peer.requests.length).toBe(asked);
    await change('UpdateAgentSpace', { agentSpaceId: space, state: 'ENABLED' });
    expect(textOf(await agent.call('srv_echo', { text: 'b' }))).toBe('b');
  });

  it('a space that is deleted: its tokens are like any other that is not there', async () => {
    await change('DeleteAgentSpace', { agentSpaceId: space });
    const asked = world.peer.requests.length;
    const gone = await agent.call('srv_echo');
    expect([gone.status, gone.text]).toEqual(await madeUp());
    expect(world.peer.requests.length).toBe(asked);
  });
});

async function madeUp() {
  const { status, text } = await wireAgent(world.app, space, 'swbt_made_up').call('srv_echo');
  return [status, text];
}

describe('a rotated credential', () => {
  it('takes the place of the old one within five seconds, which is not sent again', async () => {
    const auth = { header: 'x-api-key', value: world.key };
    const other = await startModern({ auth });
    const serviceId = await registerServer(world.app, 'rotating', other.url, world.key);
    await allow(world.app, space, serviceId, ['echo']);
    advance(EFFECTIVE_MS);
    expect(textOf(await agent.call('rotating_echo', { text: 'a' }))).toBe('a');
    auth.value = 'the-new-key';
    const authorizationConfig = {
      apiKey: { apiKeyName: 'key', apiKeyValue: auth.value, apiKeyHeader: 'x-api-key' },
    };
    await change('UpdateService', { serviceId, serviceDetails: { mcpserver: { authorizationConfig } } });
    const asked = other.requests.length;
    expect(textOf(await agent.call('rotating_echo', { text: 'b' }))).toBe('b');
    expect(other.requests.slice(asked).map(({ credentials }) => credentials)).toEqual([
      { 'x-api-key': 'the-new-key' },
    ]);
    await other.close();
  });
});

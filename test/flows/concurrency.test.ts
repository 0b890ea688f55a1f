import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../lib/api/operations.ts';
import { sweepDeletedSpaces } from '../../lib/spaces/sweepDeletedSpaces.ts';
import {
  arnOf,
  associate,
  contents,
  createSpace,
  createToken,
  expectError,
  expireToken,
  fresh,
  KEY,
  ok,
  register,
  scan,
  selection,
  startWorld,
} from '../operations/support.ts';
import { type Answer, apiKeyRegistration } from '../support/app.ts';
import { expectSound, readState } from './state.ts';

const QUOTAS = { services: 60, spaces: 150, toolsPerSpace: 4, tokens: 12 };
const world = startWorld({
  QUOTA_SERVICES: String(QUOTAS.services),
  QUOTA_SPACES: String(QUOTAS.spaces),
  QUOTA_ACCESS_TOKENS_PER_SPACE: String(QUOTAS.tokens),
  QUOTA_TOOLS_PER_SPACE: String(QUOTAS.toolsPerSpace),
});

const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

const call = (agentSpaceId: string, serviceId: string, tools: string[] = ['echo']) =>
  world.app.call('AssociateService', selection(agentSpaceId, serviceId, tools));

const won = (answers: Answer[]) => answers.filter(answer => !answer.error);
const lost = (answers: Answer[]) => answers.filter(answer => answer.error);

function afterMs(ms: number): Promise<unknown> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

describe('access tokens of a space', () => {
  it('are made, rotated and revoked at once without a loss, and end with their space', async () => {
    for (let round = 0; round < 6; round++) {
      const agentSpaceId = await createSpace(world);
      const tokens = await times(6, () => createToken(world, agentSpaceId));
      const each = (name: OperationName, some: typeof tokens) =>
        some.map(({ tokenId }) => world.app.call(name, { agentSpaceId, tokenId }));
      const more = { agentSpaceId, name: 'another', scope: 'read' };
      const answers = await Promise.all([
        ...each('RotateAccessToken', tokens.slice(0, 4)),
        ...each('RevokeAccessToken', tokens.slice(2)),
        ...Array.from({ length: 4 }, () => world.app.call('CreateAccessToken', more)),
        afterMs(round * 8).then(() => world.app.call('DeleteAgentSpace', { agentSpaceId })),
      ]);
      for (const answer of lost(answers)) expectError(answer, 'ResourceNotFoundException', 404);
      expectSound(await readState(world.app));
      await sweepDeletedSpaces(world.app.deps);
      const left = (await scan(world.app)).filter(({ pk }) => pk.includes('#T#'));
      expect(left).toEqual([]);
    }
  });

  it('stay within the quota and sound while many change', async () => {
    const agentSpaceId = await createSpace(world);
    const tokens = await times(QUOTAS.tokens, () => createToken(world, agentSpaceId));
    for (const { tokenId } of tokens.slice(0, 3)) await expireToken(world, agentSpaceId, tokenId);
    const more = { agentSpaceId, name: 'another', scope: 'read' };
    await Promise.all([
      ...tokens
        .slice(1, 5)
        .map(({ tokenId }) => world.app.call('RotateAccessToken', { agentSpaceId, tokenId })),
      ...Array.from({ length: 10 }, () => world.app.call('CreateAccessToken', more)),
      world.app.call('RevokeAccessToken', { agentSpaceId, tokenId: tokens[6]?.tokenId }),
    ]);
    const { accessTokens } = ok(await world.app.call('ListAccessTokens', { agentSpaceId }));
    const active = accessTokens.filter((token: { status: string }) => token.status === 'active');
    expect(active.length).toBeLessThanOrEqual(QUOTAS.tokens);
    expect(active.length).toBeGreaterThanOrEqual(QUOTAS.tokens - 1);
    expectSound(await readState(world.app));
  });
});

describe('many spaces, one service', () => {
  it('connects 32 at once, and counts 32', async () => {
    const serviceId = await register(world);
    const spaces = await times(32, () => createSpace(world));
    const answers = await Promise.all(spaces.map(space => call(space, serviceId)));
    for (const answer of answers) ok(answer);
    const state = await readState(world.app);
    expect(state.uses.get(serviceId)).toBe(32);
    expectSound(state);
    const gone = await Promise.all(
      answers.map(({ body: { association } }) => {
        const { agentSpaceId, associationId } = association;
        return world.app.call('DisassociateService', { agentSpaceId, associationId });
      }),
    );
    for (const answer of gone) ok(answer);
    ok(await world.app.call('DeregisterService', { serviceId }));
    expectSound(await readState(world.app));
  });

  it('never connects to a service that goes at the same moment', async () => {
    const spaces = await times(6, () => createSpace(world));
    const outcomes = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const serviceId = await register(world);
      const associating = spaces.map(space => call(space, serviceId));
      // From before the servers were asked, a little later each round; every other time once one has its answer.
      const moment = round % 2 ? Promise.race(associating) : afterMs(round * 4);
      const [deregistered, ...associated] = await Promise.all([
        moment.then(() => world.app.call('DeregisterService', { serviceId })),
        ...associating,
      ]);
      expectSound(await readState(world.app));
      if (deregistered?.error) expectError(deregistered, 'ConflictException', 409);
      for (const answer of lost(associated)) expectError(answer, 'ResourceNotFoundException', 404);
      expect(won(associated).length > 0).toBe(deregistered?.error === 'ConflictException');
      outcomes.add(deregistered?.error ?? 'gone');
      for (const { body } of won(associated)) {
        const { agentSpaceId, associationId } = body.association;
        ok(await world.app.call('DisassociateService', { agentSpaceId, associationId }));
      }
      if (deregistered?.error) ok(await world.app.call('DeregisterService', { serviceId }));
    }
    // The race was one: both have won.
    expect([...outcomes].sort()).toEqual(['ConflictException', 'gone']);
  });

  it('never connects to a space that goes at the same moment', async () => {
    const serviceId = await register(world);
    for (let round = 0; round < 6; round++) {
      const agentSpaceId = await createSpace(world);
      const later = async () => {
        await new Promise(resolve => setTimeout(resolve, round * 4));
        return world.app.call('DeleteAgentSpace', { agentSpaceId });
      };
      const [deleted, ...associated] = await Promise.all([
        later(),
        ...(await times(4, async () => call(agentSpaceId, serviceId))),
      ]);
      ok(deleted as Answer);
      for (const answer of lost(associated)) expectError(answer, 'ResourceNotFoundException', 404);
      await sweepDeletedSpaces(world.app.deps);
      const state = await readState(world.app);
      expectSound(state);
      expect(state.uses.get(serviceId)).toBe(0);
    }
    ok(await world.app.call('DeregisterService', { serviceId }));
  });
});

describe('one space', () => {
  it('takes exactly one of two servers whose names collide', async () => {
    const names = ['race', 'race_a', 'race_a_b', 'race_a_b_c', 'race_a_b_c_d'];
    const services = await Promise.all(names.map(name => register(world, name)));
    for (let round = 0; round < 5; round++) {
      const agentSpaceId = await createSpace(world);
      const answers = await Promise.all(services.map(serviceId => call(agentSpaceId, serviceId, [])));
      expect(won(answers)).toHaveLength(1);
      for (const answer of lost(answers)) expectError(answer, 'ConflictException', 409);
      expectSound(await readState(world.app));
    }
  });

  it('never allows more tools than its quota', async () => {
    const services = await times(8, () => register(world));
    for (let round = 0; round < 4; round++) {
      const agentSpaceId = await createSpace(world);
      const answers = await Promise.all(
        services.map((serviceId, n) =>
          call(agentSpaceId, serviceId, ['echo', 'add', 'write_note'].slice(0, 1 + (n % 3))),
        ),
      );
      for (const answer of lost(answers)) expectError(answer, 'ServiceQuotaExceededException', 402);
      const state = await readState(world.app);
      expectSound(state);
      expect(state.spaces.get(agentSpaceId)?.toolCount).toBeLessThanOrEqual(QUOTAS.toolsPerSpace);
      expect(won(answers).length).toBeGreaterThan(0);
    }
  });

  it('keeps its counts when one association is made, changed and removed again and again', async () => {
    const [agentSpaceId, serviceId] = [await createSpace(world), await register(world)];
    const associationId = await associate(world, agentSpaceId, serviceId);
    const sets = [['echo'], ['echo', 'add'], ['echo', 'add', 'write_note'], []];
    for (let round = 0; round < 6; round++) {
      const answers = await times(12, n => {
        const tools = sets[(n + round) % sets.length] ?? [];
        if (n % 3 === 0) return world.app.call('DisassociateService', { agentSpaceId, associationId });
        if (n % 3 === 1) return call(agentSpaceId, serviceId, tools);
        const configuration = { mcpserver: { tools } };
        return world.app.call('UpdateAssociation', { agentSpaceId, associationId, configuration });
      });
      for (const answer of lost(answers)) {
        expect(answer.error).toMatch(/^(ConflictException|ResourceNotFoundException)$/);
      }
      expectSound(await readState(world.app));
    }
  });
});

describe('one account', () => {
  it('registers a name once, however many ask', async () => {
    for (let round = 0; round < 4; round++) {
      const name = fresh('Once');
      const answers = await times(8, n =>
        world.app.call(
          'RegisterService',
          apiKeyRegistration(n % 2 ? name : name.toLowerCase(), world.peer.url, KEY),
        ),
      );
      const [winner, ...others] = won(answers);
      expect(others).toEqual([]);
      for (const answer of lost(answers)) {
        expectError(answer, 'ConflictException', 409);
        expect(answer.body.message).toContain(winner?.body.serviceId);
      }
    }
    expectSound(await readState(world.app));
  });

  it('never exceeds its quotas', async () => {
    const { services, spaces } = await readState(world.app);
    const registered = await times(QUOTAS.services - services.size + 5, () =>
      world.app.call('RegisterService', apiKeyRegistration(fresh('q'), world.peer.url, KEY)),
    );
    const created = await times(QUOTAS.spaces - spaces.size + 5, n =>
      world.app.call('CreateAgentSpace', { name: `quota ${n}` }),
    );
    for (const answers of [registered, created]) {
      expect(lost(answers)).toHaveLength(5);
      for (const answer of lost(answers)) expectError(answer, 'ServiceQuotaExceededException', 402);
    }
    expectSound(await readState(world.app));
    const { agentSpaces } = ok(await world.app.call('ListAgentSpaces', { maxResults: 100 }));
    for (const { agentSpaceId } of agentSpaces)
      ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
  });
});

describe('tags', () => {
  it('lose nothing: each change is there, or was refused as a conflict', async () => {
    const resourceArn = arnOf.space(await createSpace(world, { tags: { kept: 'x', old: 'x' } }));
    const expected = new Map([
      ['kept', 'x'],
      ['old', 'x'],
    ]);
    const answers = await times(16, n =>
      n === 8
        ? world.app.call('UntagResource', { resourceArn, tagKeys: ['old'] })
        : world.app.call('TagResource', { resourceArn, tags: { [`k${n}`]: `v${n}` } }),
    );
    for (const [n, answer] of answers.entries()) {
      if (answer.error) expectError(answer, 'ConflictException', 409);
      else if (n === 8) expected.delete('old');
      else expected.set(`k${n}`, `v${n}`);
    }
    expect(won(answers).length).toBeGreaterThan(0);
    const { tags } = ok(await world.app.call('ListTagsForResource', { resourceArn }));
    expect(tags).toEqual(Object.fromEntries(expected));
  });
});

describe('sweepers', () => {
  it('finish the same spaces together, and count everything once', async () => {
    const { services } = await readState(world.app);
    const connected = [...services.keys()].slice(0, 12);
    const kept = await createSpace(world);
    for (const serviceId of connected.slice(0, 4)) await call(kept, serviceId, []);
    const before = await contents(world.app);
    const doomed = await times(4, () => createSpace(world));
    for (const space of doomed) {
      await Promise.all(connected.map(serviceId => call(space, serviceId, [])));
    }
    const deletions = doomed.map(agentSpaceId => world.app.call('DeleteAgentSpace', { agentSpaceId }));
    await Promise.all([...deletions, ...(await times(4, () => sweepDeletedSpaces(world.app.deps)))]);
    await times(3, () => sweepDeletedSpaces(world.app.deps));
    expectSound(await readState(world.app));
    expect(await contents(world.app)).toEqual(before);
  });
});

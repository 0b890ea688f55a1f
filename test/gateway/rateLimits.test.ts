import { beforeEach, expect, it } from 'vitest';
import { allow, newSpace } from '../support/agents.ts';
import { textOf, wireAgent } from '../support/agentWire.ts';
import { startAgentWorld } from '../support/agentWorld.ts';
import { advance } from '../support/clock.ts';

const PER_TOKEN = 5;
const PER_SPACE = 8;

const world = startAgentWorld({
  QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN: String(PER_TOKEN),
  QUOTA_REQUESTS_PER_MINUTE_PER_SPACE: String(PER_SPACE),
});

let space: string;
beforeEach(async () => {
  space = await newSpace(world.app);
  await allow(world.app, space, world.service, ['echo']);
});

/** What requests come to, one after the other: `a`, or the refusal's words. */
async function used(token: string, times: number): Promise<string[]> {
  const outcomes: string[] = [];
  for (let n = 0; n < times; n++) {
    const asked = world.peer.calls.length;
    const answer = await wireAgent(world.app, space, token).call('srv_echo', { text: 'a' });
    if (answer.status === 200) outcomes.push(textOf(answer));
    else {
      const { headers, last, status } = answer;
      expect([status, last.error.code, last.error.data]).toEqual([429, -32_000, { code: 'RATE_LIMITED' }]);
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
      expect(world.peer.calls.length).toBe(asked);
      outcomes.push(/This (.*) has sent/.exec(last.error.message)?.[1] ?? '');
    }
  }
  return outcomes;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

it('a token may send so many requests a minute, whatever they are', async () => {
  const token = await world.app.token(space);
  const agent = wireAgent(world.app, space, token);
  await agent.request('tools/list');
  await agent.request('ping', {}, { era: 'legacy' });
  await agent.send('{broken');
  await agent.send('', { method: 'GET' });
  expect(await used(token, 3)).toEqual(['a', ...times(2, 'access token')]);
  expect((await agent.request('tools/list')).status).toBe(429);
});

it('others of the space go on, until the space has sent as many as it may', async () => {
  const [one, two] = [await world.app.token(space), await world.app.token(space)];
  expect(await used(one, PER_TOKEN + 1)).toEqual([...times(PER_TOKEN, 'a'), 'access token']);
  const left = PER_SPACE - PER_TOKEN;
  expect(await used(two, left + 1)).toEqual([...times(left, 'a'), 'agent space']);
  const other = await newSpace(world.app);
  expect(
    (await wireAgent(world.app, other, await world.app.token(other)).request('ping', {}, { era: 'legacy' }))
      .status,
  ).toBe(200);
});

it('counts anew after a minute', async () => {
  const token = await world.app.token(space);
  expect(await used(token, PER_TOKEN + 1)).toEqual([...times(PER_TOKEN, 'a'), 'access token']);
  advance(60_000);
  expect(await used(token, 1)).toEqual(['a']);
});

it('a rotated token goes on where it was: a new value is no new allowance', async () => {
  const created = await world.app.call('CreateAccessToken', {
    agentSpaceId: space,
    name: 'a',
    scope: 'read',
  });
  const { accessToken, tokenValue } = created.body;
  expect(await used(tokenValue, PER_TOKEN + 1)).toContain('access token');
  const rotated = await world.app.call('RotateAccessToken', {
    agentSpaceId: space,
    tokenId: accessToken.tokenId,
  });
  expect(await used(rotated.body.tokenValue, 1)).toEqual(['access token']);
});

it('whoever is not let in uses up nobody’s allowance', async () => {
  const token = await world.app.token(space);
  const wrong = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
  for (let n = 0; n < 2 * PER_SPACE; n++) {
    expect((await wireAgent(world.app, space, wrong).call('srv_echo')).status).toBe(401);
  }
  expect(await used(token, 1)).toEqual(['a']);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { gateway } from '../../lib/deps/gateway.ts';
import { type AgentApp, newSpace, startAgentApp } from '../support/agents.ts';
import { wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';

const HOUR_MS = 3_600_000;

let app: AgentApp;
beforeAll(async () => {
  app = await startAgentApp({ TOKENS_VALID_FROM: new Date(Date.now() + HOUR_MS).toISOString() });
});
afterAll(() => app.stop());

it('a token of before a restore is refused, told in the trail, and good again once it is rotated', async () => {
  const agentSpaceId = await newSpace(app);
  const created = await app.call('CreateAccessToken', { agentSpaceId, name: 'agent', scope: 'read' });
  const { tokenId } = created.body.accessToken;
  const status = async (value: string) =>
    (await wireAgent(app, agentSpaceId, value).request('tools/list')).status;
  expect(await status(created.body.tokenValue)).toBe(401);
  advance(HOUR_MS);
  expect(await status(created.body.tokenValue)).toBe(401);
  await gateway().settle();
  const told = (await app.events()).filter(({ errorCode }) => errorCode === 'AccessTokenOutdated');
  expect(told[0]).toMatchObject({
    eventName: 'AuthenticateAccessToken',
    userIdentity: { principalId: tokenId },
  });
  const rotated = await app.call('RotateAccessToken', { agentSpaceId, tokenId });
  expect(await status(rotated.body.tokenValue)).toBe(200);
});

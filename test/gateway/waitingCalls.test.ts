import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentApp,
  allow,
  eventually,
  newSpace,
  registerServer,
  startAgentApp,
} from '../support/agents.ts';
import { type AgentAnswer, textOf, wireAgent } from '../support/agentWire.ts';
import { advance } from '../support/clock.ts';
import { type Exchange, repeats, type ScriptedPeer, startScripted } from '../support/mcp/scripted.ts';

/** Calls of one server under way in a process. */
const AT_WORK = 64;
/** Milliseconds within which a change counts everywhere. */
const EFFECTIVE_MS = 5_000;

const auth = { header: 'x-api-key', value: 'the-key-of-the-server' };
let app: AgentApp;
let peer: ScriptedPeer;
let service: string;
let space: string;
let tokenId: string;
let token: string;
const held: Exchange[] = [];

beforeAll(async () => {
  [app, peer] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startScripted({ auth }),
  ]);
  service = await registerServer(app, 'busy', peer.url, auth.value);
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});
beforeEach(async () => {
  space = await newSpace(app);
  await allow(app, space, service, ['act']);
  const { body } = await app.call('CreateAccessToken', { agentSpaceId: space, name: 'a', scope: 'read' });
  token = body.tokenValue;
  tokenId = body.accessToken.tokenId;
});

/** The answer to a call that had to wait for its turn, and the headers of its request where one was made. */
async function waiting(change: () => Promise<void>): Promise<[AgentAnswer, Exchange['headers'] | undefined]> {
  peer.setScript(call => void held.push(call));
  const others = wireAgent(app, space, await app.token(space));
  const working = Array.from({ length: AT_WORK }, () => others.call('busy_act'));
  await eventually(async () => held.length === AT_WORK);
  const waits = wireAgent(app, space, token).call('busy_act', { waited: true });
  // It is let in before anything changes.
  await eventually(async () => {
    const { body } = await app.call('ListAccessTokens', { agentSpaceId: space });
    return body.accessTokens.some((one: { tokenId: string; lastUsedAt?: string }) => {
      return one.tokenId === tokenId && one.lastUsedAt !== undefined;
    });
  });
  await change();
  advance(EFFECTIVE_MS);
  const asked = peer.of('tools/call').length;
  peer.setScript(repeats);
  for (const call of held.splice(0)) call.result();
  await Promise.all(working);
  return [await waits, peer.of('tools/call').slice(asked)[0]?.headers];
}

async function change(...[name, input]: Parameters<AgentApp['call']>): Promise<void> {
  const { error, body } = await app.call(name, input);
  expect([error, error && body]).toEqual([undefined, undefined]);
}

describe('a call that waits for its turn', () => {
  it('is served when it comes', async () => {
    const [answer] = await waiting(async () => {});
    expect(textOf(answer)).toBe('{"waited":true}');
  });

  it('is not, when its token was revoked meanwhile', async () => {
    const [answer, asked] = await waiting(() =>
      change('RevokeAccessToken', { agentSpaceId: space, tokenId }),
    );
    expect([answer.status, answer.last.error.data.code, asked]).toEqual([401, 'UNAUTHORIZED', undefined]);
    expect((await app.invocations(space)).at(-1)).toMatchObject({ outcome: 'refused', tokenId });
  });

  it('is not, when the server was taken from the space meanwhile', async () => {
    const list = await app.call('ListAssociations', { agentSpaceId: space });
    const { associationId } = list.body.associations[0];
    const [answer, asked] = await waiting(() =>
      change('DisassociateService', { agentSpaceId: space, associationId }),
    );
    expect([answer.last.error.code, asked]).toEqual([-32_602, undefined]);
  });

  it('is not, when the server was disabled meanwhile', async () => {
    const [answer, asked] = await waiting(() =>
      change('UpdateService', { serviceId: service, state: 'DISABLED' }),
    );
    await change('UpdateService', { serviceId: service, state: 'ENABLED' });
    expect([answer.last.error.data.code, asked]).toEqual(['SERVER_DISABLED', undefined]);
  });

  it('goes with the credential that was given meanwhile', async () => {
    const [answer, asked] = await waiting(async () => {
      auth.value = 'the-new-key';
      const authorizationConfig = {
        apiKey: { apiKeyName: 'key', apiKeyValue: auth.value, apiKeyHeader: 'x-api-key' },
      };
      await change('UpdateService', {
        serviceId: service,
        serviceDetails: { mcpserver: { authorizationConfig } },
      });
    });
    expect([textOf(answer), asked?.['x-api-key']]).toEqual(['{"waited":true}', 'the-new-key']);
  });
});

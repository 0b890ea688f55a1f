import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateway } from '../../lib/deps/gateway.ts';
import { mintAccessToken, readAccessToken } from '../../lib/identity/accessTokenText.ts';
import { keys } from '../../lib/store/keys.ts';
import { type AgentApp, allow, newSpace, registerServer, startAgentApp } from '../support/agents.ts';
import { type AgentAnswer, type SendOptions, textOf, wireAgent } from '../support/agentWire.ts';
import { ACCOUNT, OTHER_ACCOUNT } from '../support/app.ts';
import { advance, standingStill } from '../support/clock.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';

const KEY = 'the-key-of-the-server';
const DAY_MS = 86_400_000;
/** Whose trail tells of callers that nobody knows. */
const DEPLOYMENT = '000000000000';

let app: AgentApp;
let peer: McpPeer;
let space: string;
let good: string;
/** Tokens that are refused, by the reason that the trail gives. */
let refused: Record<string, string>;
let proven: Record<string, { tokenId: string; agentSpaceId: string }>;

beforeAll(async () => {
  [app, peer] = await Promise.all([
    startAgentApp({ CATALOGUE_REFRESH_SECONDS: '86400' }),
    startModern({ auth: { header: 'x-api-key', value: KEY } }),
  ]);
  space = await newSpace(app);
  await allow(app, space, await registerServer(app, 'srv', peer.url, KEY), ['echo']);
  const [other, gone] = [await newSpace(app), await newSpace(app)];
  const expired = await create(space, { expiresInDays: 1 });
  advance(DAY_MS);
  good = (await create(space)).value;
  const [ofOther, elsewhere, revoked, ofGone] = [
    await create(other),
    await create(space, { allowedCidrs: ['192.0.2.0/24'] }),
    await create(space),
    await create(gone),
  ];
  await app.call('RevokeAccessToken', { agentSpaceId: space, tokenId: revoked.tokenId });
  await app.call('DeleteAgentSpace', { agentSpaceId: gone });
  const { tokenId = '' } = readAccessToken(good) ?? {};
  refused = {
    AccessTokenMalformed: good.slice(0, -1),
    AccessTokenUnknown: revoked.value,
    AccessTokenSecretWrong: mintAccessToken(ACCOUNT, tokenId).text,
    AccessTokenExpired: expired.value,
    AccessTokenOfOtherSpace: ofOther.value,
    AccessTokenAddressNotAllowed: elsewhere.value,
    'AccessTokenUnknown, its space deleted': ofGone.value,
    'AccessTokenUnknown, in another account': mintAccessToken(OTHER_ACCOUNT, tokenId).text,
  };
  proven = {
    AccessTokenExpired: { ...expired, agentSpaceId: space },
    AccessTokenOfOtherSpace: { ...ofOther, agentSpaceId: other },
    AccessTokenAddressNotAllowed: { ...elsewhere, agentSpaceId: space },
  };
});
afterAll(async () => {
  await app.stop();
  await peer.close();
});

async function create(agentSpaceId: string, more: object = {}) {
  const input = { agentSpaceId, name: 'agent', scope: 'operate', ...more };
  const { body } = await app.call('CreateAccessToken', input);
  return { tokenId: String(body.accessToken.tokenId), value: String(body.tokenValue) };
}

/** What tells one refusal from another, if anything does. */
function shape({ status, headers, text }: AgentAnswer) {
  const { date: _, 'x-amzn-requestid': __, ...kept } = headers;
  return { status, headers: kept, text };
}

const REFUSAL = {
  status: 401,
  headers: expect.objectContaining({
    'www-authenticate': 'Bearer realm="switchboard", error="invalid_token"',
    'cache-control': 'no-store',
  }),
  text: JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: {
      code: -32_000,
      message: 'Send a valid access token of this agent space, or a signed request.',
      data: { code: 'UNAUTHORIZED' },
    },
  }),
};

describe('whoever is refused', () => {
  it('hears the same, whatever the reason, the method and the message', async () => {
    const asked = peer.requests.length;
    const nobody = await wireAgent(app, space).call('srv_echo');
    expect(shape(nobody)).toEqual(REFUSAL);
    for (const [reason, token] of Object.entries(refused)) {
      const agent = wireAgent(app, space, token);
      const answers = [
        await agent.call('srv_echo', {}, { id: 'mine' }),
        await agent.request('tools/list'),
        await agent.send('{"broken'),
        await agent.send('', { method: 'GET' }),
        await agent.send('', { method: 'DELETE' }),
        await wireAgent(app, space, token, 'srv').call('echo'),
        await wireAgent(app, space, token, 'nothing').call('echo'),
      ];
      for (const answer of answers) expect([reason, shape(answer)]).toEqual([reason, shape(nobody)]);
    }
    expect(peer.requests.length).toBe(asked);
  });

  it('learns nothing of which spaces there are', async () => {
    const answers = [space, 'none', crypto.randomUUID()].map(id => wireAgent(app, id, good.slice(0, -1)));
    const shapes = await Promise.all(answers.map(async agent => shape(await agent.call('srv_echo'))));
    expect(new Set(shapes.map(one => JSON.stringify(one))).size).toBe(1);
    expect(shape(await wireAgent(app, 'none', good).call('srv_echo'))).toEqual(shapes[0]);
  });
});

describe('a token counts in its header alone, and there once', () => {
  const BAD = 'swbt_bad';
  const twice = (authorization: string, again: string): SendOptions => ({
    headers: { authorization },
    lines: [['Authorization', again]],
  });
  const CASES: Record<string, () => SendOptions> = {
    'in the query': () => ({ query: `?access_token=${good}&token=${good}&authorization=Bearer%20${good}` }),
    'in a cookie': () => ({ headers: { cookie: `access_token=${good}; authorization=${good}` } }),
    'in another header': () => ({ headers: { 'x-api-key': good, 'proxy-authorization': `Bearer ${good}` } }),
    'without a scheme': () => ({ headers: { authorization: good } }),
    'beside another one': () => ({ headers: { authorization: `Bearer ${good} ${BAD}` } }),
    'sent twice': () => twice(`Bearer ${good}`, `Bearer ${good}`),
    'before another one': () => twice(`Bearer ${good}`, `Bearer ${BAD}`),
    'behind another one': () => twice(`Bearer ${BAD}`, `Bearer ${good}`),
    'before a signature': () => twice(`Bearer ${good}`, 'AWS4-HMAC-SHA256 x'),
    'in another case': () => ({ headers: { authorization: `Bearer ${good.toUpperCase()}` } }),
    'with more behind it': () => ({ headers: { authorization: `Bearer ${good}A` } }),
  };
  it.each(Object.keys(CASES))('%s it does not', async name => {
    const answer = await wireAgent(app, space).call('srv_echo', { text: 'a' }, CASES[name]?.());
    expect(shape(answer)).toEqual(REFUSAL);
  });

  it('the scheme in any case, and spaces around it', async () => {
    for (const authorization of [`bearer ${good}`, `BEARER  ${good}`, ` Bearer ${good} `]) {
      const answer = await wireAgent(app, space).call(
        'srv_echo',
        { text: 'a' },
        { headers: { authorization } },
      );
      expect(textOf(answer)).toBe('a');
    }
  });
});

describe('the trail', () => {
  it('tells each reason, once for each minute, with figures and whatever is proven', async () => {
    await gateway().settle();
    advance(60_000);
    const from = Date.now();
    await standingStill(async () => {
      for (let round = 0; round < 5; round++) {
        await wireAgent(app, space).call('srv_echo');
        for (const token of Object.values(refused)) await wireAgent(app, space, token).call('srv_echo');
      }
      await gateway().settle();
    });
    const told = [...(await app.events(DEPLOYMENT)), ...(await app.events())].filter(
      ({ eventName, additionalEventData }) =>
        eventName === 'AuthenticateAccessToken' && Date.parse(additionalEventData.firstSeen) >= from,
    );
    const figures = told.map(({ errorCode, recipientAccountId, additionalEventData: { count } }) => [
      errorCode,
      recipientAccountId,
      count,
    ]);
    expect(figures.sort()).toEqual([
      ['AccessTokenAddressNotAllowed', ACCOUNT, 5],
      ['AccessTokenExpired', ACCOUNT, 5],
      ['AccessTokenMalformed', DEPLOYMENT, 5],
      ['AccessTokenMissing', DEPLOYMENT, 5],
      ['AccessTokenOfOtherSpace', ACCOUNT, 5],
      ['AccessTokenSecretWrong', DEPLOYMENT, 5],
      ['AccessTokenUnknown', DEPLOYMENT, 15],
    ]);
    for (const [errorCode, { tokenId, agentSpaceId }] of Object.entries(proven)) {
      const event = told.find(one => one.errorCode === errorCode);
      expect(event).toMatchObject({
        userIdentity: { type: 'AccessToken', principalId: tokenId, userName: 'agent' },
        requestParameters: { agentSpaceId: space },
        sourceIPAddress: '127.0.0.1',
      });
      expect(event?.resources).toContainEqual(
        expect.objectContaining({ ARN: expect.stringContaining(`agentspace/${agentSpaceId}`) }),
      );
    }
  });
});

describe('a token whose space is deleted, and not yet removed with all that belongs to it', () => {
  it('is refused like any other, and its account is told', async () => {
    const half = await newSpace(app);
    const { value, tokenId } = await create(half);
    expect(await wireAgent(app, half, value).names()).toEqual([]);
    await app.engine.client.send(
      new DeleteCommand({ TableName: app.engine.tableName, Key: keys.space(ACCOUNT, half) }),
    );
    advance(5_000);
    const answer = await wireAgent(app, half, value).call('srv_echo');
    expect(shape(answer)).toEqual(REFUSAL);
    await gateway().settle();
    const told = (await app.events()).filter(({ errorCode }) => errorCode === 'AccessTokenSpaceDeleted');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      eventName: 'AuthenticateAccessToken',
      userIdentity: { principalId: tokenId },
      requestParameters: { agentSpaceId: half },
    });
  });
});

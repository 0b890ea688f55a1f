import '../support/lambda/runtime.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/mcpGateway.ts';
import { handler as signedHandler } from '../../functions/mcpGatewaySigned.ts';
import { permissions } from '../../infra/permissions.ts';
import { gateway } from '../../lib/deps/gateway.ts';
import { eventually } from '../support/agents.ts';
import { ACCOUNT, type App, apiKeyRegistration, startApp } from '../support/app.ts';
import { legacyMessage, modernMessage, type WireMessage } from '../support/clients/wire.ts';
import { functionUrlEvent } from '../support/lambda/events.ts';
import { type RuntimeApi, startRuntimeApi } from '../support/lambda/invoke.ts';
import { type McpPeer, startModern } from '../support/mcp/modern.ts';
import { SUITE_TOOLS } from '../support/mcp/suiteTools.ts';
import type { ToolContext } from '../support/mcp/toolShelf.ts';

let app: App;
let peer: McpPeer;
let lambda: RuntimeApi;
let agentSpaceId: string;
let token: string;
/** Calls of `hang` that their callers gave up. */
let given = 0;

const hang = {
  name: 'hang',
  description: 'Tells of progress, and never ends.',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
};

beforeAll(async () => {
  const acts = {
    ...SUITE_TOOLS.acts,
    hang: async (_: object, { meta, notify, signal }: ToolContext) => {
      await notify('notifications/progress', { progressToken: meta.progressToken, progress: 1 });
      await new Promise(resolve => signal.addEventListener('abort', resolve));
      given++;
      return { content: [] };
    },
  };
  [app, peer, lambda] = await Promise.all([
    startApp({ SWITCHBOARD_ACCOUNT_ID: ACCOUNT }),
    startModern({ tools: [...SUITE_TOOLS.tools, hang], acts }),
    startRuntimeApi(),
  ]);
  const { serviceId } = (await app.call('RegisterService', apiKeyRegistration('notes', peer.url, 'any')))
    .body;
  ({ agentSpaceId } = (await app.call('CreateAgentSpace', { name: 'agents' })).body.agentSpace);
  const configuration = { mcpserver: { tools: ['*'] } };
  await app.call('AssociateService', { agentSpaceId, serviceId, configuration });
  const created = await app.call('CreateAccessToken', { agentSpaceId, name: 'agent', scope: 'operate' });
  token = created.body.tokenValue;
});
afterAll(async () => {
  await gateway().close();
  await Promise.all([app.stop(), peer.close(), lambda.close()]);
});

const path = () => `/v1/agentspaces/${agentSpaceId}/mcp`;
const open = (message: WireMessage, more: object = {}) =>
  functionUrlEvent('open', { rawPath: path(), token, message, ...more });
const call = (name: string, more: object = {}) => modernMessage('tools/call', { name, ...more });

/** What the table holds now: nothing is flushed on the way. */
async function stored() {
  const { invocations } = (await app.call('ListInvocations', { agentSpaceId })).body;
  return invocations as Record<string, never>[];
}

describe('an open function URL', () => {
  it('answers a call in JSON, with status and headers of its own', async () => {
    const answer = await lambda.invoke(handler, open(call('notes_test_simple_text')));
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body).result.content[0].text).toContain('simple text');
  });

  it('has stored what a call leaves behind when the handler ends', async () => {
    const event = open(call('notes_test_structured', { arguments: { city: 'Rome' } }));
    await lambda.invoke(handler, event);
    expect((await stored())[0]).toMatchObject({
      requestId: event.requestContext.requestId,
      outcome: 'success',
      tool: 'test_structured',
      sourceIp: '198.51.100.7',
    });
  });

  it('streams what comes ahead of the result', async () => {
    const name = 'notes_test_tool_with_progress';
    const answer = await lambda.invoke(handler, open(call(name, { _meta: { progressToken: 'p' } })));
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(answer.body.match(/notifications\/progress/g)).toHaveLength(3);
  });

  it('answers lists, handshakes and notifications', async () => {
    const list = await lambda.invoke(handler, open(modernMessage('tools/list')));
    expect(JSON.parse(list.body).result.tools).toHaveLength(SUITE_TOOLS.tools.length + 1);
    const ready = await lambda.invoke(handler, open(legacyMessage('notifications/initialized')));
    expect(ready).toMatchObject({ statusCode: 202, body: '' });
  });

  it('takes a body that comes encoded', async () => {
    const answer = await lambda.invoke(handler, open(call('notes_test_simple_text'), { base64: true }));
    expect(JSON.parse(answer.body).result.content[0].text).toContain('simple text');
  });

  it('answers 405 to a GET, which comes without a body and with a query', async () => {
    const { body: _, ...event } = open(call('notes_test_simple_text'));
    const { requestContext: context } = event;
    const got = {
      ...event,
      rawQueryString: 'cursor=1&cursor=2',
      queryStringParameters: { cursor: '1,2' },
      cookies: ['session=1'],
      requestContext: { ...context, http: { ...context.http, method: 'GET' } },
    } as typeof event;
    const answer = await lambda.invoke(handler, got);
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });

  it('answers 404 on a path that it does not know', async () => {
    for (const rawPath of [
      '/',
      '/v1/agentspaces',
      `${path()}/notes/more`,
      path().replace('/mcp', '/%6Dcp'),
    ]) {
      const answer = await lambda.invoke(handler, open(call('notes_test_simple_text'), { rawPath }));
      expect(answer).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/json' } });
      expect(JSON.parse(answer.body).error.data.code).toBe('UNKNOWN_ROUTE');
    }
  });

  it('answers 401 without a token, and has told the trail of it when the handler ends', async () => {
    const event = functionUrlEvent('open', { rawPath: path(), message: call('notes_test_simple_text') });
    const answer = await lambda.invoke(handler, event);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    const trail = await app.events();
    expect(trail.filter(({ eventName }) => eventName === 'AuthenticateAccessToken')).toHaveLength(1);
  });

  it('ends well when the caller leaves, and the server hears of it', async () => {
    const event = open(call('notes_hang', { _meta: { progressToken: 'p' } }));
    await lambda.leave(handler, event);
    const { requestId } = event.requestContext;
    expect((await stored())[0]).toMatchObject({ requestId, outcome: 'cancelled' });
    await eventually(async () => given === 1);
  });
});

describe('a function URL with IAM authorization', () => {
  const signed = (message: WireMessage) => functionUrlEvent('iam', { rawPath: path(), message });

  it('serves the signer of the request, and writes down who it is', async () => {
    const event = signed(call('notes_test_simple_text'));
    const answer = await lambda.invoke(signedHandler, event);
    expect(JSON.parse(answer.body).result.content[0].text).toContain('simple text');
    expect((await stored())[0]).toMatchObject({
      requestId: event.requestContext.requestId,
      userArn: 'arn:aws:iam::111122223333:user/agents/robot',
    });
  });

  it('runs under the role of its own function', async () => {
    const roles = permissions as Record<string, (typeof permissions)[string]>;
    const { mcpGateway = [] } = roles;
    roles.mcpGateway = [];
    const answer = await lambda.invoke(signedHandler, signed(call('notes_test_simple_text')));
    roles.mcpGateway = mcpGateway;
    expect(answer.statusCode).toBe(200);
    expect((await stored())[0]).toMatchObject({ outcome: 'success' });
  });

  it('has no space of another account', async () => {
    const event = signed(call('notes_test_simple_text'));
    const { authorizer } = event.requestContext as { authorizer: { iam: { accountId: string } } };
    authorizer.iam.accountId = '444455556666';
    expect((await lambda.invoke(signedHandler, event)).statusCode).toBe(404);
  });
});

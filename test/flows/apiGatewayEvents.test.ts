import { readFileSync } from 'node:fs';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler as checkServiceHealth } from '../../functions/checkServiceHealth.ts';
import { handler as removeAbandonedClients } from '../../functions/removeAbandonedClients.ts';
import { handler as sweepDeletedSpaces } from '../../functions/sweepDeletedSpaces.ts';
import { type OperationName, operations } from '../../lib/api/operations.ts';
import { browserRoutes, gatewayPath } from '../../lib/oauth/browserRoutes.ts';
import { browserHandlers, handlers } from '../../local/handlers.ts';
import { lambdaContext } from '../../local/http/lambdaContext.ts';
import { ACCOUNT, type App, OTHER_ACCOUNT, startApp } from '../support/app.ts';
import { operationEvent, type RestCaller, restEvent } from '../support/lambda/restEvents.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ PUBLIC_BASE_URL: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod' });
});
afterAll(() => app.stop());

const contextFor = (name: string): Context => lambdaContext(name, crypto.randomUUID(), Date.now(), Date.now);

type Result = { statusCode: number; headers?: Record<string, unknown>; body: string };

async function call(caller: RestCaller, name: OperationName, input: object = {}) {
  const event = operationEvent(caller, operations[name], input);
  const answer = (await handlers[name](event, contextFor(name))) as Result;
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : JSON.parse(answer.body),
    error: answer.headers?.['x-amzn-errortype'],
    requestId: event.requestContext.requestId,
  };
}

describe('a handler behind IAM authorization', () => {
  it('serves a person with an assumed role, and records who it was', async () => {
    const created = await call('assumedRole', 'CreateAgentSpace', { name: 'Überwachung' });
    expect(created).toMatchObject({ status: 201, body: { agentSpace: { name: 'Überwachung' } } });
    const { agentSpaceId } = created.body.agentSpace;
    expect(await call('assumedRole', 'GetAgentSpace', { agentSpaceId })).toMatchObject({ status: 200 });
    const [event] = (await app.events()).filter(({ requestID }) => requestID === created.requestId);
    expect(event).toMatchObject({
      eventName: 'CreateAgentSpace',
      recipientAccountId: ACCOUNT,
      sourceIPAddress: '198.51.100.23',
      userAgent: expect.stringMatching(/^aws-cli\//),
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAIOSFODNN7EXAMPLE:alice@example.com',
        accountId: ACCOUNT,
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        sessionContext: {
          sessionIssuer: {
            principalId: 'AROAIOSFODNN7EXAMPLE',
            userName: 'AWSReservedSSO_Switchboard_0123456789abcdef',
          },
        },
      },
    });
    const attribute = { AttributeKey: 'Username', AttributeValue: 'alice@example.com' };
    const found = await call('assumedRole', 'LookupEvents', { LookupAttributes: [attribute] });
    expect(found.body.Events.length).toBeGreaterThan(1);
    // Of a session, what proves it is nowhere.
    expect(JSON.stringify(await app.events())).not.toContain('IQoJb3JpZ2luX2Vj');
  });

  it('takes labels as they were sent, query parameters that repeat, and bytes', async () => {
    const { body } = await call('assumedRole', 'CreateAgentSpace', { name: 'tagged' });
    const { agentSpaceId } = body.agentSpace;
    const resourceArn = `arn:aws:aidevops:us-east-1:${ACCOUNT}:agentspace/${agentSpaceId}`;
    const tags = { team: 'a', stage: 'b', owner: 'c' };
    const tagged = await call('assumedRole', 'TagResource', { resourceArn, tags });
    expect(tagged).toMatchObject({ status: operations.TagResource.status, error: undefined });
    const untagged = { resourceArn, tagKeys: ['team', 'stage'] };
    expect((await call('assumedRole', 'UntagResource', untagged)).error).toBeUndefined();
    const listed = await call('assumedRole', 'ListTagsForResource', { resourceArn });
    expect(listed.body).toEqual({ tags: { owner: 'c' } });
    const encoded = restEvent('assumedRole', {
      method: 'POST',
      resource: operations.CreateAgentSpace.path,
      body: Buffer.from('{"name":"bytes"}'),
    });
    const answer = (await handlers.CreateAgentSpace(encoded, contextFor('CreateAgentSpace'))) as Result;
    expect(answer.statusCode).toBe(201);
  });

  it("keeps a caller of another account to that account's own", async () => {
    const { body } = await call('assumedRole', 'CreateAgentSpace', { name: 'ours' });
    const { agentSpaceId } = body.agentSpace;
    const stranger = 'iamUserOfAnotherAccount' as const;
    expect((await call(stranger, 'ListAgentSpaces')).body).toEqual({ agentSpaces: [] });
    for (const name of ['GetAgentSpace', 'DeleteAgentSpace'] as const) {
      expect(await call(stranger, name, { agentSpaceId })).toMatchObject({
        status: 404,
        error: 'ResourceNotFoundException',
      });
    }
    const own = await call(stranger, 'CreateAgentSpace', { name: 'theirs' });
    const events = (await app.events(OTHER_ACCOUNT)).filter(({ requestID }) => requestID === own.requestId);
    expect(events).toMatchObject([
      {
        recipientAccountId: OTHER_ACCOUNT,
        sourceIPAddress: '2001:db8::17',
        userIdentity: {
          type: 'IAMUser',
          userName: 'bob',
          accountId: OTHER_ACCOUNT,
          arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/division/bob`,
        },
      },
    ]);
    const { agentSpaces } = (await call('assumedRole', 'ListAgentSpaces')).body;
    expect(agentSpaces.map(({ name }: { name: string }) => name)).not.toContain('theirs');
  });

  it('serves nobody whose account was not proven', async () => {
    // As where somebody has taken the authorizer away.
    for (const name of ['ListServices', 'CreateAgentSpace'] as const) {
      const refused = await call('browser', name, name === 'CreateAgentSpace' ? { name: 'x' } : {});
      expect(refused).toMatchObject({ status: 403, error: 'AccessDeniedException' });
    }
  });
});

describe('a handler of a route that browsers use', () => {
  const statuses: Record<string, number> = { oauthConsent: 404, oauthCallback: 400, clientMetadata: 200 };

  it.each(browserRoutes.map(route => [`${route.method} ${route.name}`, route] as const))(
    '%s answers',
    async (_, route) => {
      const isForm = route.method === 'POST';
      const event = restEvent('browser', {
        method: route.method,
        resource: gatewayPath(route),
        labels: { service: 'mcpserver' },
        ...(isForm
          ? {
              body: 'ticket=none',
              headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                'Sec-Fetch-Site': 'same-origin',
              },
            }
          : { query: { ticket: ['none'], state: ['none'], code: ['none'] } }),
      });
      const answer = (await browserHandlers[route.name](event, contextFor(route.name))) as Result;
      expect(answer.statusCode).toBe(statuses[route.name]);
      expect(answer.body).not.toContain('stack');
    },
  );
});

describe('a function that runs on a schedule', () => {
  const event = JSON.parse(
    readFileSync(new URL('../fixtures/lambda/schedule.json', import.meta.url), 'utf8'),
  );

  it.each([
    ['checkServiceHealth', checkServiceHealth],
    ['sweepDeletedSpaces', sweepDeletedSpaces],
    ['removeAbandonedClients', removeAbandonedClients],
  ] as const)('%s runs with the event of its rule', async (name, handler) => {
    const rule = `arn:aws:events:us-east-1:123456789012:rule/switchboard-dev-${name}-rule-1`;
    expect(await handler({ ...event, resources: [rule] }, contextFor(name))).toBe(0);
  });
});

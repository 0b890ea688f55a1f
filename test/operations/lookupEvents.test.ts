import { expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
import { createSpace, eventOf, expectError, ok, startWorld } from './support.ts';

const world = startWorld();

it('answers in the shape of CloudTrail, newest first, for the account of the caller alone', async () => {
  const agentSpaceId = await createSpace(world);
  await createSpace(world, {}, OTHER_ACCOUNT);
  const answer = await world.app.call('LookupEvents', {
    LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
  });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1');
  const { Events } = answer.body;
  expect(Events).toHaveLength(1);
  const [{ CloudTrailEvent, EventTime, ...event }] = Events;
  const record = JSON.parse(CloudTrailEvent);
  expect(event).toEqual({
    EventId: record.eventID,
    EventName: 'CreateAgentSpace',
    ReadOnly: 'false',
    AccessKeyId: 'SWBKTESTTESTTESTTEST',
    EventSource: 'aidevops.switchboard',
    Username: 'tester',
    Resources: [{ ResourceType: 'AWS::DevOpsAgent::AgentSpace', ResourceName: agentSpaceId }],
  });
  expect(Math.abs(EventTime - Date.now() / 1000)).toBeLessThan(60);
  await eventOf(world.app, 'LookupEvents', answer);
});

it('pages exactly, and its tokens are good for that question only', async () => {
  for (let count = 0; count < 5; count++) await createSpace(world);
  const filter = { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateAgentSpace' }] };
  const seen: string[] = [];
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const more = NextToken ? { NextToken } : {};
    const body = ok(await world.app.call('LookupEvents', { ...filter, MaxResults: 4, ...more }));
    sizes.push(body.Events.length);
    seen.push(...body.Events.map((event: { EventId: string }) => event.EventId));
    NextToken = body.NextToken;
    if (!NextToken) break;
    for (const wrong of [`${NextToken}A`, NextToken.slice(0, -2), 'x', '']) {
      const answer = await world.app.call('LookupEvents', { ...filter, NextToken: wrong });
      expectError(answer, 'InvalidNextTokenException', 400);
    }
    expectError(await world.app.call('LookupEvents', { NextToken }), 'InvalidNextTokenException', 400);
    const theirs = await world.app.call(
      'LookupEvents',
      { ...filter, NextToken },
      { accountId: OTHER_ACCOUNT },
    );
    expectError(theirs, 'InvalidNextTokenException', 400);
  } while (NextToken);
  expect(sizes).toEqual([4, 2]);
  expect(new Set(seen).size).toBe(6);
});

it.each([
  ['InvalidLookupAttributesException', { LookupAttributes: [{ AttributeKey: 'X', AttributeValue: 'y' }] }],
  [
    'InvalidLookupAttributesException',
    { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: '' }] },
  ],
  ['InvalidLookupAttributesException', { LookupAttributes: 'EventName' }],
  ['InvalidTimeRangeException', { StartTime: 2, EndTime: 1 }],
  ['InvalidTimeRangeException', { StartTime: 'yesterday' }],
  ['InvalidMaxResultsException', { MaxResults: 0 }],
  ['InvalidMaxResultsException', { MaxResults: 51 }],
  ['InvalidNextTokenException', { NextToken: 'x' }],
  ['InvalidEventCategoryException', { EventCategory: 'insight' }],
])('answers %s to %j, and records that', async (error, input) => {
  const answer = await world.app.call('LookupEvents', input);
  expectError(answer, error, 400);
  await eventOf(world.app, 'LookupEvents', answer);
});

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/app.ts';
import {
  contents,
  eventOf,
  expectError,
  expectInvalid,
  HIDDEN,
  ok,
  resource,
  resourcesOf,
  scan,
  startWorld,
} from './support.ts';
import { expectWire } from './wire.ts';

const QUOTA = 8;
const world = startWorld({ QUOTA_SPACES: String(QUOTA) });

const FULL = {
  name: 'Überwachung & Alarme',
  description: 'What the team is for',
  locale: 'de-DE',
  tags: { team: 'on call' },
  preferences: { elevatedActionsEnabled: true },
};

/** Space ids in the table of an account. */
async function spaces(accountId?: string): Promise<string[]> {
  const { body } = await world.app.call('ListAgentSpaces', {}, accountId ? { accountId } : {});
  return body.agentSpaces.map((space: { agentSpaceId: string }) => space.agentSpaceId);
}

async function emptyAccount(): Promise<void> {
  for (const agentSpaceId of await spaces()) ok(await world.app.call('DeleteAgentSpace', { agentSpaceId }));
}

it('creates a space and leaves one event with its description hidden', async () => {
  const answer = await world.app.call('CreateAgentSpace', { ...FULL, clientToken: 'first' });
  expect(answer.status).toBe(201);
  expectWire('CreateAgentSpace', answer.body);
  const { agentSpaceId, createdAt } = answer.body.agentSpace;
  const { tags, ...members } = FULL;
  expect(answer.body).toEqual({
    agentSpace: { ...members, agentSpaceId, createdAt, updatedAt: createdAt, state: 'ENABLED' },
    tags,
  });
  const event = await eventOf(world.app, 'CreateAgentSpace', answer);
  expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
  expect(event.requestParameters).toEqual({ ...FULL, description: HIDDEN, clientToken: 'first' });
  expect(event.responseElements.agentSpace).toMatchObject({ agentSpaceId, description: HIDDEN });
});

it('creates with a name alone', async () => {
  const answer = await world.app.call('CreateAgentSpace', { name: 'x' });
  expectWire('CreateAgentSpace', answer.body);
  expect(Object.keys(answer.body)).toEqual(['agentSpace']);
});

describe('clientToken', () => {
  it('answers a repeated request with the same space, in any order of its members', async () => {
    await emptyAccount();
    const request = { ...FULL, clientToken: 'again', tags: { a: '1', b: '2' } };
    const first = await world.app.call('CreateAgentSpace', request);
    const { name, ...rest } = { ...request, tags: { b: '2', a: '1' } };
    const second = await world.app.call('CreateAgentSpace', { ...rest, name });
    expect(second).toMatchObject({ status: 201, body: first.body });
    const { agentSpaceId } = first.body.agentSpace;
    expect(await spaces()).toEqual([agentSpaceId]);
    const event = await eventOf(world.app, 'CreateAgentSpace', second);
    expect(resourcesOf(event)).toEqual([resource.space(agentSpaceId)]);
    expect(event.responseElements.agentSpace.agentSpaceId).toBe(agentSpaceId);
  });

  it('is refused for another request, which names the space that it stands for', async () => {
    const before = await contents(world.app);
    const answer = await world.app.call('CreateAgentSpace', { ...FULL, name: 'other', clientToken: 'again' });
    expectError(answer, 'ConflictException', 409, /clientToken/);
    const event = await eventOf(world.app, 'CreateAgentSpace', answer);
    expect(resourcesOf(event)).toEqual([resource.space((await spaces())[0] ?? '')]);
    expect(await contents(world.app)).toEqual(before);
  });

  it('belongs to its account', async () => {
    const request = { ...FULL, clientToken: 'again', tags: { a: '1', b: '2' } };
    const answer = await world.app.call('CreateAgentSpace', request, { accountId: OTHER_ACCOUNT });
    expect(answer.status).toBe(201);
    expect(await spaces()).not.toContain(answer.body.agentSpace.agentSpaceId);
  });

  it('creates one space for many requests at once', async () => {
    await emptyAccount();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        world.app.call('CreateAgentSpace', { name: 'once', clientToken: 'race' }),
      ),
    );
    const ids = new Set(answers.map(answer => ok(answer).agentSpace.agentSpaceId));
    expect([...ids]).toEqual(await spaces());
  });

  it('is told of a space that was deleted since', async () => {
    await emptyAccount();
    const answer = await world.app.call('CreateAgentSpace', { name: 'once', clientToken: 'race' });
    expectError(answer, 'ConflictException', 409, /deleted/);
  });

  it('is free again after 8 hours, whether removed from the table or not', async () => {
    const request = { name: 'later', clientToken: 'eight-hours' };
    const first = ok(await world.app.call('CreateAgentSpace', request)).agentSpace;
    const used = (await scan(world.app)).find(
      item => item.agentSpaceId === first.agentSpaceId && item.request,
    );
    const left = Number(used?.expiresAt) - Date.now() / 1000;
    expect(left).toBeGreaterThan(8 * 3600 - 60);
    expect(left).toBeLessThanOrEqual(8 * 3600);
    await world.app.engine.client.send(
      new UpdateCommand({
        TableName: world.app.engine.tableName,
        Key: { pk: used?.pk, sk: used?.sk },
        UpdateExpression: 'SET expiresAt = :now',
        ExpressionAttributeValues: { ':now': Math.floor(Date.now() / 1000) },
      }),
    );
    const second = ok(await world.app.call('CreateAgentSpace', request)).agentSpace;
    expect(second.agentSpaceId).not.toBe(first.agentSpaceId);
  });
});

describe('the quota', () => {
  it('is exact, leaves nothing behind, and does not stand in the way of a replay', async () => {
    await emptyAccount();
    const tokened = { name: 'space', clientToken: 'within' };
    const { agentSpace } = ok(await world.app.call('CreateAgentSpace', tokened));
    for (let count = 1; count < QUOTA; count++)
      ok(await world.app.call('CreateAgentSpace', { name: 'space' }));
    const before = await contents(world.app);
    const refused = await world.app.call('CreateAgentSpace', { name: 'one too many', clientToken: 'beyond' });
    expectError(refused, 'ServiceQuotaExceededException', 402, /QUOTA_SPACES/);
    await eventOf(world.app, 'CreateAgentSpace', refused);
    expect(await contents(world.app)).toEqual(before);
    expect(ok(await world.app.call('CreateAgentSpace', tokened))).toMatchObject({ agentSpace });
    ok(await world.app.call('DeleteAgentSpace', { agentSpaceId: agentSpace.agentSpaceId }));
    ok(await world.app.call('CreateAgentSpace', { name: 'one too many', clientToken: 'beyond' }));
  });
});

it.each([
  ['/name', { name: '' }],
  ['/name', { name: 'a'.repeat(256) }],
  ['/description', { description: '' }],
  ['/description', { description: 'a'.repeat(1001) }],
  ['/locale', { locale: 'english please' }],
  ['/preferences/unknown', { preferences: { unknown: true } }],
  ['/preferences/elevatedActionsEnabled', { preferences: { elevatedActionsEnabled: 'yes' } }],
  ['/clientToken', { clientToken: 'a'.repeat(65) }],
  ['/clientToken', { clientToken: 'with space' }],
  ['/tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])) }],
  ['/tags/aws:x', { tags: { 'aws:x': '1' } }],
  ['/kmsKeyArn', { kmsKeyArn: `arn:aws:kms:us-east-1:111122223333:key/${crypto.randomUUID()}` }],
])('refuses what %s may not be', async (path, members) => {
  const before = await contents(world.app);
  const answer = await world.app.call('CreateAgentSpace', { name: 'space', ...members });
  expectInvalid(answer, [path]);
  await eventOf(world.app, 'CreateAgentSpace', answer);
  expect(await contents(world.app)).toEqual(before);
});

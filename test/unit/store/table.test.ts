import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLE } from '../../../lib/store/table.ts';
import { availableKinds, startTestEngine, type TestEngine } from '../../support/engine.ts';

describe('the table', () => {
  it('declares each key attribute once and has no stream', () => {
    const declared = TABLE.AttributeDefinitions.map(one => one.AttributeName);
    const keys = [TABLE, ...TABLE.GlobalSecondaryIndexes].flatMap(one =>
      one.KeySchema.map(key => key.AttributeName),
    );
    expect(declared).toEqual(keys);
    expect(TABLE).not.toHaveProperty('StreamSpecification');
  });
});

describe.each(availableKinds())('its indexes on %s', kind => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine(kind);
  });
  afterAll(() => engine?.stop());

  it.each(['gsi1', 'gsi2', 'gsi3'])('%s holds whole items in the order of its own key', async index => {
    const item = (sk: string, rank: string) => ({
      ...{ pk: `items-${index}`, sk, extra: { of: sk } },
      ...{ [`${index}pk`]: 'group', [`${index}sk`]: rank },
    });
    const items = [item('a', '2'), item('b', '1'), { pk: `items-${index}`, sk: 'outside' }];
    for (const Item of items) await engine.client.send(new PutCommand({ TableName: engine.tableName, Item }));
    const found = await engine.client.send(
      new QueryCommand({
        TableName: engine.tableName,
        IndexName: index,
        KeyConditionExpression: `${index}pk = :group`,
        ExpressionAttributeValues: { ':group': 'group' },
      }),
    );
    expect(found.Items).toEqual([items[1], items[0]]);
  });
});

import { readFileSync } from 'node:fs';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

const SHAPE: DynamoDBRecord = JSON.parse(
  readFileSync(new URL('../../fixtures/lambda/streamRecord.json', import.meta.url), 'utf8'),
);

export interface Change {
  item: { pk: string; sk: string } & object;
  /** Epoch milliseconds. */
  storedAt: number;
  eventName?: 'INSERT' | 'MODIFY' | 'REMOVE';
}

/** The event that Lambda makes of a table's changes: members as AWS documents them, with bytes as Base64. */
export function streamEvent(changes: readonly Change[]): DynamoDBStreamEvent {
  return { Records: changes.map(streamRecord) };
}

function streamRecord({ item, storedAt, eventName = 'INSERT' }: Change, n: number): DynamoDBRecord {
  const image = wire(marshall(item, { removeUndefinedValues: true }));
  const { NewImage: _, ...rest } = SHAPE.dynamodb ?? {};
  return {
    ...SHAPE,
    // Of time to live, which alone removes events.
    ...(eventName === 'REMOVE' && {
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    }),
    eventID: crypto.randomUUID().replaceAll('-', ''),
    eventName,
    dynamodb: {
      ...rest,
      ApproximateCreationDateTime: Math.floor(storedAt / 1000),
      Keys: { pk: { S: item.pk }, sk: { S: item.sk } },
      ...(eventName !== 'REMOVE' && { NewImage: image }),
      SequenceNumber: String(400_000_000_000_000_000_000n + BigInt(n)),
      SizeBytes: JSON.stringify(image).length,
    },
  } as DynamoDBRecord;
}

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

function wire(image: object): Image {
  return JSON.parse(
    JSON.stringify(image, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
    ),
  );
}

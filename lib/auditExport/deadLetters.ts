import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';

/** Sets a record aside. `eventId` where one event of it is meant. Resolves when it is stored. */
export type DeadLetters = (record: DynamoDBRecord, reason: string, eventId?: string) => Promise<void>;

/**
 * Dead letters in an SQS queue: which item of the table it is, and why. Not the item itself, which is in the table, and
 * may be larger than a message.
 */
export function deadLetterQueue(client: SQSClient, queueUrl: string): DeadLetters {
  return async ({ eventName, eventSourceARN, dynamodb }, reason, eventId) => {
    const letter = {
      ...{ reason, eventId, eventName, streamArn: eventSourceARN },
      keys: { pk: dynamodb?.Keys?.pk?.S, sk: dynamodb?.Keys?.sk?.S },
      sequenceNumber: dynamodb?.SequenceNumber,
      storedAt: dynamodb?.ApproximateCreationDateTime,
    };
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
  };
}

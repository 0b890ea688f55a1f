import type { Key } from '../../../lib/store/keys.ts';

/** One permission that a request to DynamoDB needs: an action on a partition of the table, or of one of its indexes. */
export interface StoreCall {
  /** Such as `dynamodb:GetItem`. */
  action: string;
  index?: string;
  partition: string;
}

interface Clause {
  Item?: Partial<Key>;
  Key?: Partial<Key>;
}

interface Input extends Clause {
  TransactItems?: Record<string, Clause>[];
  RequestItems?: Record<
    string,
    { Keys?: Partial<Key>[] } | { PutRequest?: Clause; DeleteRequest?: Clause }[]
  >;
  IndexName?: string;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** A transaction needs the permission of each of its parts (DynamoDB Developer Guide, "IAM for transactions"). */
const PART = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
} as const;

/** What a command of the document client, `Get` or `TransactWrite` say, asks for; scans are told without a partition. */
export function storeCalls(name: string, input: object): StoreCall[] {
  const {
    Item,
    Key,
    TransactItems,
    RequestItems,
    IndexName,
    ExpressionAttributeValues = {},
  } = input as Input;
  switch (name) {
    case 'Get':
    case 'Put':
    case 'Update':
    case 'Delete':
      return [call(PART[name], Item ?? Key)];
    case 'TransactGet':
    case 'TransactWrite':
      return (TransactItems ?? []).flatMap(one =>
        Object.entries(one).map(([kind, clause]) =>
          call(PART[kind as keyof typeof PART], clause.Item ?? clause.Key),
        ),
      );
    case 'BatchGet':
    case 'BatchWrite':
      return Object.values(RequestItems ?? {}).flatMap(batch => batched(`${name}Item`, batch));
    case 'Query': {
      const [partition = ''] = Object.values(ExpressionAttributeValues)
        .map(String)
        .filter(value => value.startsWith('A#'));
      return [{ ...call('Query', { pk: partition }), ...(IndexName && { index: IndexName }) }];
    }
    default:
      return [{ action: `dynamodb:${name}`, partition: '' }];
  }
}

function batched(action: string, batch: NonNullable<Input['RequestItems']>[string]): StoreCall[] {
  const keys = Array.isArray(batch)
    ? batch.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key)
    : (batch.Keys ?? []);
  return keys.map(key => call(action, key));
}

function call(action: string, key: Partial<Key> | undefined): StoreCall {
  return { action: `dynamodb:${action}`, partition: key?.pk ?? '' };
}

import { tableArn } from './arns.ts';
import type { Statement } from './cloudformation.ts';

export const READ_ITEMS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
export const WRITE_ITEMS = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
];

/** Actions on any item. */
export const table = (...actions: string[]): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: tableArn,
});

/** Actions on items whose partition keys fit one of the patterns. */
export const tablePart = (patterns: string[], ...actions: string[]): Statement => ({
  ...table(...actions),
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    // ForAllValues holds for no values at all, too.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});

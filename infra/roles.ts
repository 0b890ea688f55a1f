import type { Operation } from '../lib/api/operation.ts';
import { keys } from '../lib/store/keys.ts';
import { logGroupsArn, tableIndexesArn } from './arns.ts';
import { auditGroups } from './auditRoles.ts';
import type { Resource, Statement } from './cloudformation.ts';
import {
  decryptCredentials,
  decryptOAuthClients,
  encryptCredentials,
  encryptTokens,
} from './credentialKey.ts';
import { READ_ITEMS, table, tablePart, WRITE_ITEMS } from './tableAccess.ts';

/** Any account: the keys of the table begin with it. */
const ANY = '*';
const AUDIT_KEYS = ['AUD', 'AUR'].map(part => `A#${ANY}#${part}#*`);

/** Every call leaves an event, and marks its hour; a function that changes nothing may write nothing else. */
const writeEvents = tablePart([...AUDIT_KEYS, keys.archiveMarks()], 'dynamodb:PutItem');

/** For SigV4-signed servers: roles of callers' accounts that trust this deployment with their ExternalId. */
const assumeRoles: Statement = {
  Effect: 'Allow',
  Action: ['sts:AssumeRole'],
  Resource: 'arn:aws:iam::*:role/*',
  Condition: { StringLike: { 'sts:ExternalId': 'switchboard-*' } },
};

/**
 * What each group of functions may do. Whoever registers servers cannot read their credentials, and whoever uses
 * credentials writes refreshed tokens only; the end of a consent reads what its beginning sealed.
 */
const GROUPS = {
  ReadRole: [table(...READ_ITEMS), writeEvents],
  LookupRole: [
    tablePart(AUDIT_KEYS, ...READ_ITEMS),
    { Effect: 'Allow', Action: ['dynamodb:Query'], Resource: tableIndexesArn },
    writeEvents,
  ],
  WriteRole: [table(...READ_ITEMS, ...WRITE_ITEMS)],
  RegisterRole: [
    table(...READ_ITEMS, ...WRITE_ITEMS),
    ...encryptCredentials,
    decryptOAuthClients,
    assumeRoles,
  ],
  DryRunRole: [tablePart([keys.validations(ANY, 0).pk], 'dynamodb:UpdateItem'), writeEvents, assumeRoles],
  ReachServerRole: [
    table(...READ_ITEMS, ...WRITE_ITEMS),
    ...decryptCredentials,
    ...encryptTokens,
    assumeRoles,
  ],
  GatewayRole: [
    table(...READ_ITEMS, ...WRITE_ITEMS, 'dynamodb:BatchWriteItem'),
    ...decryptCredentials,
    ...encryptTokens,
    assumeRoles,
  ],
  ConsentPageRole: [
    tablePart([keys.pending(ANY, '*').pk], 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    ...decryptCredentials,
  ],
  CallbackRole: [table(...READ_ITEMS, ...WRITE_ITEMS), ...encryptCredentials, ...decryptCredentials],
  PublicRole: [],
  SweepRole: [table('dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem')],
  ClientRemovalRole: [
    tablePart(
      [keys.clientLooks(), keys.oauthClient(ANY, '*').pk],
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ),
    decryptOAuthClients,
  ],
  ...auditGroups,
} as const satisfies Record<string, readonly Statement[]>;

export type RoleName = keyof typeof GROUPS;

/** Writing operations that need more, or less, than to write to the table. */
const SPECIAL: Readonly<Record<string, RoleName>> = {
  LookupEvents: 'LookupRole',
  RegisterService: 'RegisterRole',
  UpdateService: 'RegisterRole',
  CompleteRegistration: 'CallbackRole',
  ValidateRegistration: 'DryRunRole',
  ValidateService: 'ReachServerRole',
  AssociateService: 'ReachServerRole',
  UpdateAssociation: 'ReachServerRole',
};

/** The role of an operation's function. */
export function roleOf(operation: Operation): RoleName {
  return SPECIAL[operation.name] ?? (operation.access === 'read' ? 'ReadRole' : 'WriteRole');
}

const writeLogs: Statement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: logGroupsArn,
};

function role(statements: readonly Statement[]): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'operations',
          PolicyDocument: { Version: '2012-10-17', Statement: [writeLogs, ...statements] },
        },
      ],
    },
  };
}

export const roles: Record<string, Resource> = Object.fromEntries(
  Object.entries(GROUPS).map(([name, statements]) => [name, role(statements)]),
);

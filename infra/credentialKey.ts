import { arn, attribute, join, type Resource, ref, type Statement } from './cloudformation.ts';

/** What the vault binds every credential to (lib/credentials/envelope.ts). */
export const CONTEXT_KEYS = ['switchboard:account', 'switchboard:service', 'switchboard:purpose'];

/** The key is used with the whole context and nothing but it: for a value of one service of one account. */
const withContext = {
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': CONTEXT_KEYS },
  Null: Object.fromEntries(CONTEXT_KEYS.map(key => [`kms:EncryptionContext:${key}`, 'false'])),
};

type Part = 'service' | 'purpose';

/** An action with the deployment's key; `only` narrows parts of the context by patterns. */
function withOwnKey(action: string, only: Partial<Record<Part, string>> = {}): Statement {
  const patterns = Object.entries(only).map(([part, pattern]) => [
    `kms:EncryptionContext:switchboard:${part}`,
    pattern,
  ]);
  const narrowed = patterns.length > 0 ? { StringLike: Object.fromEntries(patterns) } : {};
  return {
    Effect: 'Allow',
    Action: [action],
    Resource: attribute('CredentialKey', 'Arn'),
    Condition: { ...withContext, ...narrowed },
  };
}

/** The deployment's key, and keys that callers name: of this account and region, where its owner tagged them. */
function allow(action: string, only: Partial<Record<Part, string>> = {}): Statement[] {
  const own = withOwnKey(action, only);
  const tagged = { StringEquals: { 'aws:ResourceTag/switchboard': 'allowed' } };
  return [own, { ...own, Resource: arn('kms', 'key/*'), Condition: { ...own.Condition, ...tagged } }];
}

export const encryptCredentials = allow('kms:GenerateDataKey');
export const decryptCredentials = allow('kms:Decrypt');
/** What a refresh writes: never a credential itself. */
export const encryptTokens = allow('kms:GenerateDataKey', { purpose: 'token' });
/** OAuth clients that Switchboard registered; no service has such a name (lib/oauth/clientRegistrationStore.ts). */
export const decryptOAuthClients = withOwnKey('kms:Decrypt', { service: 'oauth-client-*' });

export const account = { AWS: join('arn:', ref('AWS::Partition'), ':iam::', ref('AWS::AccountId'), ':root') };

/** What the account's own policies may grant about a key; none of it uses the key. */
export const MANAGE_KEY = [
  'CancelKeyDeletion',
  'CreateAlias',
  'DeleteAlias',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
].map(action => `kms:${action}`);

// In a key policy `*` means this key.
const keyPolicy: Statement[] = [
  { Sid: 'Manage', Effect: 'Allow', Principal: account, Action: MANAGE_KEY, Resource: '*' },
  {
    Sid: 'UseForCredentials',
    Effect: 'Allow',
    Principal: account,
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: withContext,
  },
];

/** The key that credentials are encrypted under. Losing it loses every credential: it outlives the stack. */
export const credentialKey: Record<string, Resource> = {
  CredentialKey: {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Description: 'Switchboard: credentials of registered servers',
      EnableKeyRotation: true,
      PendingWindowInDays: 30,
      KeyPolicy: { Version: '2012-10-17', Statement: keyPolicy },
    },
  },
  CredentialKeyAlias: {
    Type: 'AWS::KMS::Alias',
    Properties: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
      AliasName: 'alias/${self:service}-${sls:stage}',
      TargetKeyId: ref('CredentialKey'),
    },
  },
};

import { TABLE, TTL_ATTRIBUTE } from '../lib/store/table.ts';
import type { Resource } from './cloudformation.ts';

/**
 * The single table. It is encrypted under the AWS managed key of DynamoDB, so that no role needs a KMS permission
 * to use it: what a role may do with a key is about credentials alone, which are encrypted before they get here.
 */
export const storage: Record<string, Resource> = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      ...TABLE,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
      TableName: '${self:service}-${sls:stage}',
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
      // What is written goes to the audit export; nothing there needs what was before.
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    },
  },
  /** 64 letters and digits: some 380 random bits under which page tokens are signed. */
  PageTokenKey: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Description: 'Switchboard: signs page tokens; replacing it ends listings under way',
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    },
  },
  ExternalIdSecret: {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Description: 'Makes the ExternalIds that roles trust; must outlive every role.',
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    },
  },
};

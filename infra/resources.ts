import { auditAlarms } from './auditAlarms.ts';
import { auditArchive } from './auditArchive.ts';
import { auditExport } from './auditExport.ts';
import { attribute, ref } from './cloudformation.ts';
import { credentialKey } from './credentialKey.ts';
import { gatewayResponses } from './gatewayResponses.ts';
import { roles } from './roles.ts';
import { storage } from './storage.ts';

/** serverless.yml's resources. */
export const resources = {
  Resources: {
    ...storage,
    ...credentialKey,
    ...roles,
    ...gatewayResponses,
    ...auditArchive,
    ...auditExport,
    ...auditAlarms,
  },
  extensions: {
    // The deployment of the API waits for its methods only; through one of them it waits for these too.
    ApiGatewayMethodPost: { DependsOn: Object.keys(gatewayResponses) },
  },
  Outputs: {
    TableName: { Value: ref('Table') },
    CredentialKeyArn: { Value: attribute('CredentialKey', 'Arn') },
    AuditBucketName: { Value: ref('AuditBucket') },
    AuditSigningKeyArn: { Value: attribute('AuditSigningKey', 'Arn') },
  },
};

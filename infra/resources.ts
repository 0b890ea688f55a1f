import { accessLog } from './accessLog.ts';
import { alarms } from './alarms.ts';
import { auditArchive } from './auditArchive.ts';
import { auditExport } from './auditExport.ts';
import { attribute, ref } from './cloudformation.ts';
import { consolePart } from './console.ts';
import { credentialKey } from './credentialKey.ts';
import { customDomain } from './domain.ts';
import { gatewayResponses } from './gatewayResponses.ts';
import type { Resolver } from './params.ts';
import { people } from './people.ts';
import { roles } from './roles.ts';
import { deploymentId, stageSettings } from './stage.ts';
import { storage } from './storage.ts';
import { gatewayPermissions } from './trustedAccounts.ts';

/** serverless.yml's resources. @throws Error naming a parameter that cannot be used */
export async function resources(resolver: Resolver): Promise<object> {
  const console = await consolePart(resolver);
  const log = await accessLog(resolver);
  return {
    Resources: {
      ...storage,
      ...credentialKey,
      ...roles,
      ...people,
      ...gatewayResponses,
      ...log,
      ...auditArchive,
      ...auditExport,
      ...(await gatewayPermissions(resolver)),
      ...(await customDomain(resolver)),
      ...(await alarms(resolver)),
      ...console.resources,
    },
    extensions: {
      // The deployment of the API waits for its methods only; through one of them it waits for these too.
      ApiGatewayMethodPost: { DependsOn: [...Object.keys(gatewayResponses), ...Object.keys(log)] },
      [await deploymentId(resolver)]: { Properties: { StageDescription: await stageSettings(resolver) } },
    },
    Outputs: {
      TableName: { Value: ref('Table') },
      CredentialKeyArn: { Value: attribute('CredentialKey', 'Arn') },
      AuditBucketName: { Value: ref('AuditBucket') },
      AuditSigningKeyArn: { Value: attribute('AuditSigningKey', 'Arn') },
      ...console.outputs,
    },
  };
}

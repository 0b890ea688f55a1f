import * as z from 'zod';
import { Document, KmsKeyArn, SENSITIVE, Timestamp, taggedUnion } from './common.ts';
import { ServiceId } from './ids.ts';
import { PrivateConnectionName } from './registration.ts';
import {
  ApiKeyPrefix,
  CustomHeaders,
  MCPServerEndpoint,
  MCPServerName,
  RoleArn,
  ServerDescription,
  ServiceName,
  SigV4Region,
} from './serverMembers.ts';
import { Service } from './serviceTypes.ts';
import { ServiceState, ValidationStatus } from './states.ts';

const RegisteredMCPServerDetails = z
  .object({
    name: z.string(),
    endpoint: z.string(),
    authorizationMethod: z
      .enum(['oauth-client-credentials', 'oauth-3lo', 'api-key', 'bearer-token'])
      .meta({ id: 'MCPServerAuthorizationMethod' }),
    description: z
      .string()
      .meta({ id: 'RegisteredDescription', ...SENSITIVE })
      .optional(),
    apiKeyHeader: z.string().optional(),
    apiKeyPrefix: ApiKeyPrefix.optional(),
    grantedScopes: z.array(z.string()).meta({ id: 'GrantedScopesList' }).optional(),
  })
  .meta({ id: 'RegisteredMCPServerDetails' });

const RegisteredMCPServerSigV4Details = z
  .object({
    name: MCPServerName,
    endpoint: MCPServerEndpoint,
    description: ServerDescription.optional(),
    region: SigV4Region,
    service: z.string(),
    roleArn: z.string(),
    mcpRoleArn: RoleArn.optional(),
    customHeaders: CustomHeaders.optional(),
  })
  .meta({ id: 'RegisteredMCPServerSigV4Details' });

export const RegisteredService = z
  .object({
    serviceId: ServiceId,
    serviceType: Service,
    name: ServiceName.optional(),
    accessibleResources: z.array(Document).meta({ id: 'DocumentList' }).optional(),
    additionalServiceDetails: taggedUnion('AdditionalServiceDetails', {
      mcpserver: RegisteredMCPServerDetails,
      mcpserversigv4: RegisteredMCPServerSigV4Details,
    }).optional(),
    kmsKeyArn: KmsKeyArn.optional(),
    privateConnectionName: PrivateConnectionName.optional(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    state: ServiceState.optional(),
    validationStatus: ValidationStatus.optional(),
    lastValidatedAt: Timestamp.optional(),
    toolCount: z.int().optional(),
  })
  .meta({ id: 'RegisteredService' });

export const RegisteredServicesList = z.array(RegisteredService).meta({ id: 'RegisteredServicesList' });

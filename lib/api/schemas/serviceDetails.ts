import * as z from 'zod';
import { MCPServerAuthorizationConfig } from './authorizationConfig.ts';
import { taggedUnion } from './common.ts';
import {
  CustomHeaders,
  MCPServerEndpoint,
  MCPServerName,
  RoleArn,
  ServerDescription,
  SigV4Region,
} from './serverMembers.ts';

export const MCPServerDetails = z
  .strictObject({
    name: MCPServerName,
    endpoint: MCPServerEndpoint,
    description: ServerDescription.optional(),
    authorizationConfig: MCPServerAuthorizationConfig,
  })
  .meta({ id: 'MCPServerDetails' });

const MCPServerSigV4AuthorizationConfig = z
  .strictObject({
    region: SigV4Region,
    service: z.string().min(1).max(100),
    roleArn: z.string().max(255).optional(),
    mcpRoleArn: RoleArn.optional(),
    customHeaders: CustomHeaders.optional(),
  })
  .meta({ id: 'MCPServerSigV4AuthorizationConfig' });

const MCPServerSigV4ServiceDetails = z
  .strictObject({
    name: MCPServerName,
    endpoint: MCPServerEndpoint,
    description: ServerDescription.optional(),
    authorizationConfig: MCPServerSigV4AuthorizationConfig,
  })
  .meta({ id: 'MCPServerSigV4ServiceDetails' });

export const ServiceDetails = taggedUnion('ServiceDetails', {
  mcpserver: MCPServerDetails,
  mcpserversigv4: MCPServerSigV4ServiceDetails,
});

/** A credential to take the place of the stored one; the endpoint changes only together with it. */
export const UpdateServiceDetails = taggedUnion('UpdateServiceDetails', {
  mcpserver: z
    .strictObject({
      endpoint: MCPServerEndpoint.optional(),
      authorizationConfig: MCPServerAuthorizationConfig,
    })
    .meta({ id: 'UpdateMCPServerDetails' }),
  mcpserversigv4: z
    .strictObject({
      endpoint: MCPServerEndpoint.optional(),
      authorizationConfig: MCPServerSigV4AuthorizationConfig,
    })
    .meta({ id: 'UpdateMCPServerSigV4Details' }),
});

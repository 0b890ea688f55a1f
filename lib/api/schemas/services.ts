import * as z from 'zod';
import {
  Document,
  FREE_TEXT,
  KmsKeyArn,
  NextToken,
  SENSITIVE,
  Tags,
  Timestamp,
  taggedUnion,
} from './common.ts';

export const ServiceId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -')
  .meta({ id: 'ServiceId' });

/** The public API registers these through RegisterService; Switchboard serves two of them. */
const REGISTRABLE_TYPES = [
  'dynatrace',
  'servicenow',
  'pagerduty',
  'gitlab',
  'eventChannel',
  'mcpservernewrelic',
  'mcpservergrafana',
  'mcpserverdatadog',
  'mcpserver',
  'mcpserversplunk',
  'azureidentity',
  'mcpserversigv4',
  'remoteagent',
  'remoteagentsigv4',
] as const;

export const Service = z
  .enum(['github', 'slack', 'azure', 'azuredevops', ...REGISTRABLE_TYPES])
  .meta({ id: 'Service' });

export const PostRegisterServiceSupportedService = z
  .enum(REGISTRABLE_TYPES)
  .meta({ id: 'PostRegisterServiceSupportedService' });

/** Service types that Switchboard registers. */
export type McpServiceType = 'mcpserver' | 'mcpserversigv4';

export const ServiceName = z
  .string()
  .min(1)
  .max(255)
  .regex(FREE_TEXT, 'must not hold control characters')
  .meta({ id: 'ServiceName' });

export const MCPServerName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -')
  .meta({ id: 'MCPServerName' });

/** `http://` passes the schema so that the URL check can say what it takes (`ALLOW_INSECURE_HTTP`). */
export const MCPServerEndpoint = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^https?:\/\/[a-zA-Z0-9.-]+(?::[0-9]+)?(?:\/.*)?$/, 'must be a URL like https://host/path')
  .meta({ id: 'MCPServerEndpoint' });

const ServerDescription = z
  .string()
  .max(500)
  .regex(/^[\p{L}\p{N}\p{P}\p{S}\p{Z}]*$/u, 'must not hold control characters')
  .meta({ id: 'MCPServerDescription', ...SENSITIVE });

const Label = z.string().regex(/^[a-zA-Z0-9_\s-]+$/, 'may hold letters, digits, spaces, _ and -');

const HttpUrl = z
  .string()
  .regex(/^https?:\/\/[a-zA-Z0-9.-]+(?::[0-9]+)?(?:\/.*)?$/, 'must be a URL like https://host/path');

const ClientId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\u0020-\u007E]+$/, 'must be printable ASCII')
  .meta({ id: 'ClientId', ...SENSITIVE });

const ClientName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}\p{Z}._-]+$/u, 'may hold letters, numbers, spaces and . _ -');

const ExchangeParameters = z
  .record(z.string(), z.string().meta({ id: 'ExchangeParameterValue', ...SENSITIVE }))
  .meta({ id: 'ExchangeParameters' });

const Scopes = z
  .array(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^[!#-[\]-~]+$/, 'must be one scope without spaces or quotes')
      .meta({ id: 'OAuthScope' }),
  )
  .max(100)
  .meta({ id: 'Scopes' });

/** Which console may receive the browser is checked by origin, not by the public API's AWS-only pattern. */
const ReturnToEndpoint = HttpUrl.max(2048);

const ApiKeyPrefix = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[!-~]+$/, 'must be printable ASCII without spaces')
  .meta({ id: 'ApiKeyPrefix' });

export const MCPServerAPIKeyConfig = z
  .strictObject({
    apiKeyName: Label,
    apiKeyValue: z
      .string()
      .min(1)
      .max(8192)
      .regex(/^[!-~]([ \t]*[!-~])*$/, 'must be printable ASCII without line breaks or outer spaces')
      .meta({ id: 'MCPServerAPIKeyValue', ...SENSITIVE }),
    apiKeyHeader: z
      .string()
      .max(256)
      .regex(/^[a-zA-Z0-9-_]+$/, 'must be an HTTP header name'),
    apiKeyPrefix: ApiKeyPrefix.optional(),
  })
  .meta({ id: 'MCPServerAPIKeyConfig' });

export const MCPServerBearerTokenConfig = z
  .strictObject({
    tokenName: Label,
    tokenValue: z
      .string()
      .min(1)
      .max(8192)
      .regex(/^\S+$/, 'must not hold spaces or line breaks')
      .meta({ id: 'MCPServerBearerTokenValue', ...SENSITIVE }),
    authorizationHeader: z
      .string()
      .max(256)
      .regex(/^[a-zA-Z0-9-]+$/, 'must be an HTTP header name')
      .optional(),
  })
  .meta({ id: 'MCPServerBearerTokenConfig' });

const MCPServerOAuthClientCredentialsConfig = z
  .strictObject({
    clientName: ClientName.optional(),
    clientId: ClientId,
    exchangeParameters: ExchangeParameters.optional(),
    clientSecret: z
      .string()
      .min(1)
      .max(512)
      .regex(/^\S+$/, 'must not hold spaces')
      .meta({ id: 'ClientSecret', ...SENSITIVE }),
    exchangeUrl: HttpUrl,
    scopes: Scopes.optional(),
  })
  .meta({ id: 'MCPServerOAuthClientCredentialsConfig' });

const MCPServerOAuth3LOConfig = z
  .strictObject({
    clientName: ClientName.optional(),
    clientId: ClientId,
    exchangeParameters: ExchangeParameters.optional(),
    returnToEndpoint: ReturnToEndpoint,
    authorizationUrl: HttpUrl,
    exchangeUrl: HttpUrl,
    clientSecret: z
      .string()
      .max(512)
      .regex(/^\S*$/, 'must not hold spaces')
      .meta({ id: 'MCPServerOAuth3LOClientSecret', ...SENSITIVE })
      .optional(),
    supportCodeChallenge: z.boolean().optional(),
    scopes: Scopes.optional(),
  })
  .meta({ id: 'MCPServerOAuth3LOConfig' });

const MCPServerAuthorizationDiscoveryConfig = z
  .strictObject({ returnToEndpoint: ReturnToEndpoint })
  .meta({ id: 'MCPServerAuthorizationDiscoveryConfig' });

export const MCPServerAuthorizationConfig = taggedUnion('MCPServerAuthorizationConfig', {
  oAuthClientCredentials: MCPServerOAuthClientCredentialsConfig,
  oAuth3LO: MCPServerOAuth3LOConfig,
  apiKey: MCPServerAPIKeyConfig,
  bearerToken: MCPServerBearerTokenConfig,
  authorizationDiscovery: MCPServerAuthorizationDiscoveryConfig,
});

export const MCPServerDetails = z
  .strictObject({
    name: MCPServerName,
    endpoint: MCPServerEndpoint,
    description: ServerDescription.optional(),
    authorizationConfig: MCPServerAuthorizationConfig,
  })
  .meta({ id: 'MCPServerDetails' });

export const SigV4Region = z
  .string()
  .min(1)
  .max(50)
  .regex(/^(\*|[a-z]{2,4}(-[a-z]+)+-\d+)$/, 'must be an AWS region such as us-east-1')
  .meta({ id: 'SigV4Region' });

export const RoleArn = z
  .string()
  .min(1)
  .max(255)
  .regex(/^arn:aws:iam::\d{12}:role\/[a-zA-Z0-9+=,.@_/-]+$/, 'must be the ARN of an IAM role')
  .meta({ id: 'RoleArn' });

export const CustomHeaders = z
  .record(
    z
      .string()
      .min(1)
      .max(256)
      .regex(/^[a-zA-Z0-9-_]+$/, 'must be an HTTP header name')
      .meta({ id: 'CustomHeaderName' }),
    z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[!-~]([ \t]*[!-~])*$/, 'must be printable ASCII without line breaks or outer spaces')
      .meta({ id: 'CustomHeaderValue', ...SENSITIVE }),
  )
  .refine(headers => Object.keys(headers).length <= 10, 'at most 10 headers')
  .meta({ id: 'CustomHeaders', maxProperties: 10 });

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

const PrivateConnectionName = z
  .string()
  .min(3)
  .max(30)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
  .meta({ id: 'PrivateConnectionName' });

export const registrationMembers = {
  service: PostRegisterServiceSupportedService,
  serviceDetails: ServiceDetails,
  kmsKeyArn: KmsKeyArn.optional(),
  privateConnectionName: PrivateConnectionName.optional(),
  targetUrlPrivateConnectionName: PrivateConnectionName.optional(),
  exchangeUrlPrivateConnectionName: PrivateConnectionName.optional(),
  name: ServiceName.optional(),
  tags: Tags.optional(),
};

/** The URL lets whoever opens it go on with the registration: it is as sensitive as a password. */
export const AdditionalServiceRegistrationStep = taggedUnion('AdditionalServiceRegistrationStep', {
  oauth: z
    .strictObject({ authorizationUrl: z.string().meta({ id: 'AuthorizationUrl', ...SENSITIVE }) })
    .meta({ id: 'OAuthAdditionalStepDetails' }),
});

/** Useless to others than the initiator, but not for the trail to keep. */
export const ConfirmationToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/, 'must be the confirmation that the browser came back with')
  .meta({ id: 'ConfirmationToken', ...SENSITIVE });

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

export const ServiceState = z.enum(['ENABLED', 'DISABLED']).meta({ id: 'ServiceState' });

export const ValidationStatus = z
  .enum(['valid', 'invalid', 'pending-confirmation'])
  .meta({ id: 'ValidationStatus' });

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

export const ToolAnnotations = z
  .object({
    title: z.string().optional(),
    readOnlyHint: z.boolean().optional(),
    destructiveHint: z.boolean().optional(),
    idempotentHint: z.boolean().optional(),
    openWorldHint: z.boolean().optional(),
  })
  .meta({ id: 'ToolAnnotations' });

export const ToolFingerprint = z.string().meta({ id: 'ToolFingerprint' });

export const ServiceTool = z
  .object({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    inputSchema: Document.optional(),
    outputSchema: Document.optional(),
    annotations: ToolAnnotations.optional(),
    fingerprint: ToolFingerprint,
  })
  .meta({ id: 'ServiceTool' });

export const ServiceToolsPage = z.object({
  tools: z.array(ServiceTool).meta({ id: 'ServiceToolsList' }),
  refreshedAt: Timestamp,
  nextToken: NextToken.optional(),
});

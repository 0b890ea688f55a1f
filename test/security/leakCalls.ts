import type { OperationName } from '../../lib/api/operations.ts';

/** A member at the pointer's place beside others: secrets of people who mistype. */
export interface CredentialKind {
  what: string;
  service: 'mcpserver' | 'mcpserversigv4';
  /** The `authorizationConfig` that carries a secret. */
  config: (secret: string, tokenUrl: string) => object;
}

export const CREDENTIAL_KINDS: CredentialKind[] = [
  {
    what: 'an API key',
    service: 'mcpserver',
    config: secret => ({ apiKey: { apiKeyName: 'key', apiKeyValue: secret, apiKeyHeader: 'x-api-key' } }),
  },
  {
    what: 'a bearer token',
    service: 'mcpserver',
    config: secret => ({ bearerToken: { tokenName: 'token', tokenValue: secret } }),
  },
  {
    what: 'a client secret',
    service: 'mcpserver',
    config: (secret, exchangeUrl) => ({
      oAuthClientCredentials: {
        clientId: 'client',
        clientSecret: secret,
        exchangeUrl,
        scopes: ['read'],
        exchangeParameters: { audience: secret },
      },
    }),
  },
  {
    what: 'a custom header',
    service: 'mcpserversigv4',
    config: secret => ({
      region: 'us-east-1',
      service: 'execute-api',
      customHeaders: { 'x-custom-secret': secret },
    }),
  },
];

/** A registration request. */
export function registration(
  name: string,
  endpoint: string,
  { service, config }: Pick<CredentialKind, 'service' | 'config'>,
  secret: string,
  tokenUrl: string,
) {
  return {
    service,
    serviceDetails: { [service]: { name, endpoint, authorizationConfig: config(secret, tokenUrl) } },
  };
}

type Call = [OperationName, object];

const apiKey = (secret: unknown, more: object = {}) => ({
  apiKey: { apiKeyName: 'key', apiKeyValue: secret, apiKeyHeader: 'x-api-key', ...more },
});

/** Calls that hold a secret where it does not belong, or that fail with one where it does. */
export function misplaced(secret: string, endpoint: string): Call[] {
  const register = (details: object, more: object = {}): Call => [
    'RegisterService',
    {
      service: 'mcpserver',
      serviceDetails: {
        mcpserver: { name: 'misplaced', endpoint, authorizationConfig: apiKey(secret), ...details },
      },
      ...more,
    },
  ];
  const authorized = (authorizationConfig: unknown) => register({ authorizationConfig });
  return [
    authorized({ apiKey: { apiKeyName: 'key', apiKeyValeu: secret, apiKeyHeader: 'x-api-key' } }),
    authorized({ apiKye: { apiKeyValue: secret } }),
    authorized({ apikey: secret }),
    authorized({ apiKey: secret }),
    authorized(secret),
    authorized([secret]),
    authorized(apiKey({ value: secret })),
    authorized(apiKey([secret, secret])),
    authorized(apiKey({ deep: { deeper: [{ deepest: secret }] } })),
    authorized(apiKey(secret, { apiKeyHeader: secret })),
    authorized(apiKey(secret, { apiKeyHeader: 'Host' })),
    authorized(apiKey(secret, { apiKeyName: secret })),
    authorized(apiKey(`${secret}\u0007`)),
    authorized(apiKey(`${secret}é`)),
    authorized(apiKey(` ${secret}`)),
    authorized(apiKey(secret.repeat(400))),
    authorized({ ...apiKey(secret), bearerToken: { tokenName: 'token', tokenValue: secret } }),
    authorized({ bearerToken: { tokenName: secret, tokenValue: `${secret} ${secret}` } }),
    authorized({ bearerToken: { tokenName: 'token', tokenValue: `${secret}\u00fc` } }),
    authorized({ bearerToken: { tokenName: 'token', tokenValue: secret, authorizationHeader: secret } }),
    authorized({ oAuth3LO: { clientId: 'a', clientSecret: secret, exchangeParameters: { secret } } }),
    authorized({
      oAuthClientCredentials: { clientId: secret, clientSecret: ` ${secret}`, exchangeUrl: secret },
    }),
    authorized({ authorizationDiscovery: { returnToEndpoint: secret } }),
    register({ name: secret }),
    register({ name: 'n'.repeat(129) }),
    register({ endpoint: secret }),
    register({ endpoint: `https://user:${secret}@127.0.0.1/mcp` }),
    register({ endpoint: 'https://no-such-host.invalid/mcp' }),
    register({ endpoint: 'https://127.0.0.1:1/mcp' }),
    register({ endpoint: 'https://10.0.0.1/mcp' }),
    register({ endpoint: 'http://127.0.0.1:1/mcp' }),
    register({ secret }),
    register({}, { secret }),
    register({}, { apiKeyValue: secret, tags: { tag: secret } }),
    register({}, { tags: secret, name: `${secret}\u0000` }),
    register({}, { kmsKeyArn: secret }),
    register(
      {},
      { kmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555' },
    ),
    register({}, { privateConnectionName: 'private' }),
    register({}, { service: 'github' }),
    register({}, { service: 'mcpserversigv4' }),
    register({}, { service: secret }),
    ['RegisterService', { service: 'mcpserver', serviceDetails: secret }],
    [
      'RegisterService',
      { service: 'mcpserver', serviceDetails: { mcpserver: { secret }, github: { secret } } },
    ],
    [
      'CreateAgentSpace',
      { name: 'space', apiKeyValue: secret, preferences: { secret: true, other: secret } },
    ],
    ['CreateAgentSpace', { name: 'space', locale: secret, clientToken: `${secret} ${secret}` }],
  ];
}

/** A valid-looking input of each operation, for a service and a space that exist. */
export function sampleInputs(ids: {
  serviceId: string;
  agentSpaceId: string;
  associationId: string;
  tokenId: string;
}): Partial<Record<OperationName, object>> {
  const { serviceId, agentSpaceId, associationId, tokenId } = ids;
  const resourceArn = `arn:aws:aidevops:us-east-1:000000000000:service/${serviceId}`;
  const configuration = { mcpserver: { tools: ['sound'] } };
  return {
    GetService: { serviceId },
    ListServices: {},
    UpdateService: { serviceId, state: 'ENABLED' },
    ValidateService: { serviceId, validationId: 'sample' },
    GetValidation: { validationId: 'sample' },
    ListServiceTools: { serviceId },
    ListServiceAssociations: { serviceId },
    BatchGetAssociationCounts: { serviceIds: [serviceId] },
    DeregisterService: { serviceId },
    CreateAgentSpace: { name: 'sample' },
    GetAgentSpace: { agentSpaceId },
    ListAgentSpaces: {},
    UpdateAgentSpace: { agentSpaceId, name: 'sampled' },
    AssociateService: { agentSpaceId, serviceId, configuration },
    GetAssociation: { agentSpaceId, associationId },
    ListAssociations: { agentSpaceId },
    ListAssociationTools: { agentSpaceId, associationId },
    ListInvocationCounts: { agentSpaceId, period: 'DAY' },
    ListInvocations: { agentSpaceId, serviceId },
    UpdateAssociation: { agentSpaceId, associationId, configuration },
    CreateAccessToken: { agentSpaceId, name: 'another', scope: 'read', allowedCidrs: ['10.0.0.0/8'] },
    ListAccessTokens: { agentSpaceId },
    RotateAccessToken: { agentSpaceId, tokenId },
    RevokeAccessToken: { agentSpaceId, tokenId },
    TagResource: { resourceArn, tags: { team: 'a' } },
    UntagResource: { resourceArn, tagKeys: ['team'] },
    ListTagsForResource: { resourceArn },
    LookupEvents: {},
    CompleteRegistration: { service: 'mcpserver', confirmationToken: `${'c'.repeat(43)}.${'d'.repeat(43)}` },
    DisassociateService: { agentSpaceId, associationId },
    DeleteAgentSpace: { agentSpaceId },
  };
}

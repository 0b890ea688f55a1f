const HTTP_FOR_DEVELOPMENT =
  '`http://` passes the shape so that the URL check can say what it takes; it is refused unless `ALLOW_INSECURE_HTTP` is set.';
const CONSOLE_ORIGIN =
  'The public pattern names AWS consoles only; here the origin must be one that the deployment was configured with.';
const EMPTY_ALLOWED =
  'The public shape has minimum 0 and a pattern that refuses the empty text; both spellings pass here.';
const HEADER_SIZE = 'Servers refuse longer header lines anyway; a bound keeps one registration small.';
const ANSWERED_AS_STORED = 'An answer repeats what was taken at registration, where the bounds were checked.';
const FINGERPRINTS =
  'Ours: refuses what the server has changed since somebody looked at it, instead of confirming it unseen.';
const ARN = 'Ours: what tags are written under, whose account the caller need not know.';
const WARNINGS =
  'Ours: what is worth knowing and refuses nothing, such as a tool name that is too long for agents.';

/**
 * The closed list of deviations from the public shapes: where, what, why. docs/deviations.md repeats it.
 * A difference that is not here fails the contract test, and so does an entry that no longer differs.
 */
export const DEVIATIONS: readonly (readonly [at: string, what: string, reason: string])[] = [
  ['MCPServerEndpoint', 'pattern', HTTP_FOR_DEVELOPMENT],
  ['MCPServerOAuthClientCredentialsConfigExchangeUrlString', 'pattern', HTTP_FOR_DEVELOPMENT],
  ['MCPServerOAuth3LOConfigAuthorizationUrlString', 'pattern', HTTP_FOR_DEVELOPMENT],
  ['MCPServerOAuth3LOConfigExchangeUrlString', 'pattern', HTTP_FOR_DEVELOPMENT],
  ['MCPServerOAuth3LOConfigReturnToEndpointString', 'pattern', CONSOLE_ORIGIN],
  [
    'MCPServerOAuth3LOConfigReturnToEndpointString',
    'max',
    'Longer URLs do not survive browsers and proxies.',
  ],
  ['MCPServerAuthorizationDiscoveryConfigReturnToEndpointString', 'pattern', CONSOLE_ORIGIN],
  [
    'MCPServerAuthorizationDiscoveryConfigReturnToEndpointString',
    'max',
    'Longer URLs do not survive browsers and proxies.',
  ],
  ['MCPServerDetails.description', 'pattern', EMPTY_ALLOWED],
  ['MCPServerSigV4ServiceDetails.description', 'pattern', EMPTY_ALLOWED],
  ['RegisteredMCPServerSigV4Details.description', 'pattern', EMPTY_ALLOWED],
  ['CreateAgentSpaceInput.clientToken', 'pattern', EMPTY_ALLOWED],
  [
    'MCPServerAPIKeyConfig.apiKeyPrefix',
    'extra member',
    'Ours: the text before the key, kept apart from it so that editing can show it.',
  ],
  ['MCPServerAPIKeyConfig.apiKeyValue', 'max', HEADER_SIZE],
  ['MCPServerAPIKeyConfigApiKeyHeaderString', 'max', HEADER_SIZE],
  ['MCPServerBearerTokenConfig.tokenValue', 'max', HEADER_SIZE],
  ['MCPServerBearerTokenConfig.tokenValue', 'min', 'Says in a bound what the pattern says already.'],
  ['MCPServerBearerTokenConfigAuthorizationHeaderString', 'max', HEADER_SIZE],
  ['MCPToolsListMemberString', 'pattern', 'Ours: `*` stands for every tool, present and future.'],
  [
    'MCPToolsList',
    'max',
    'Ten times the quota of a space; more is a mistake, and refused before it costs work.',
  ],
  ['Tags', 'max', 'The number of user tags that AWS allows on a resource.'],
  ['TagKeyList', 'min', 'Removing no tags is a mistake of the caller.'],
  ['TagKeyList', 'max', 'A resource has no more tags than that.'],
  ['RegisterServiceOutput.warnings', 'extra member', WARNINGS],
  [
    'OAuthAdditionalStepDetails.authorizationUrl',
    'sensitive',
    'Ours: the URL lets whoever opens it go on with the registration, so audit events do not show it.',
  ],
  ['GetServiceOutput.arn', 'extra member', ARN],
  [
    'GetServiceOutput.validationReport',
    'extra member',
    'Ours: how the last validation went, step by step, whoever or whatever asked for it.',
  ],
  ['GetAgentSpaceOutput.arn', 'extra member', ARN],
  ['AssociateServiceInput.expectedFingerprints', 'extra member', FINGERPRINTS],
  ['UpdateAssociationInput.expectedFingerprints', 'extra member', FINGERPRINTS],
  ['AssociateServiceOutput.warnings', 'extra member', WARNINGS],
  ['UpdateAssociationOutput.warnings', 'extra member', WARNINGS],
  [
    'Association.withheldTools',
    'extra member',
    'Ours: tools that agents do not get for now, such as one whose definition changed after it was confirmed.',
  ],
  ['RegisteredService.state', 'extra member', 'Ours: a service can be switched off and keep everything.'],
  ['RegisteredService.validationStatus', 'extra member', 'Ours: how the last validation ended.'],
  ['RegisteredService.lastValidatedAt', 'extra member', 'Ours: when the last validation ended.'],
  ['RegisteredService.toolCount', 'extra member', 'Ours: how many tools the server offered then.'],
  ['RegisteredMCPServerDetails.apiKeyPrefix', 'extra member', 'Ours: the prefix given at registration.'],
  [
    'RegisteredMCPServerDetails.grantedScopes',
    'extra member',
    'Ours: what its OAuth tokens were for when they were granted.',
  ],
  ['RegisteredMCPServerDetails.description', 'min', ANSWERED_AS_STORED],
  ['RegisteredMCPServerDetails.description', 'max', ANSWERED_AS_STORED],
  ['RegisteredMCPServerDetails.description', 'pattern', ANSWERED_AS_STORED],
  ['RegisteredMCPServerSigV4Details.service', 'min', ANSWERED_AS_STORED],
  ['RegisteredMCPServerSigV4Details.service', 'max', ANSWERED_AS_STORED],
  ['RegisteredMCPServerSigV4Details.roleArn', 'max', ANSWERED_AS_STORED],
  ['AgentSpace.state', 'extra member', 'Ours: a space can be switched off and keep everything.'],
  ['UpdateAgentSpaceInput.state', 'extra member', 'Ours: switches a space off and on.'],
  ['ApiKeyValue', 'min', 'Part of `webhook`, which MCP servers do not have; it is never sent.'],
];

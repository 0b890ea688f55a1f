import * as z from 'zod';
import { SENSITIVE, taggedUnion } from './common.ts';
import { ApiKeyPrefix } from './serverMembers.ts';

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

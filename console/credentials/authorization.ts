import type { Input } from '../../client/src/index.ts';
import type { Credentials, MethodId, Pair } from './fields.ts';

type Details = NonNullable<Input<'UpdateService'>['serviceDetails']>;
type Configuration = NonNullable<Details['mcpserver']>['authorizationConfig'];
type SignedConfiguration = NonNullable<Details['mcpserversigv4']>['authorizationConfig'];

/** Leaves out what was left empty. */
function given<T extends object>(members: { [K in keyof T]: T[K] | '' | undefined }): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== '' && value !== undefined),
  ) as T;
}

function recordOf(pairs: readonly Pair[]): Record<string, string> | undefined {
  const named = pairs.filter(({ name }) => name.trim() !== '');
  return named.length > 0
    ? Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]))
    : undefined;
}

function scopesOf(text: string): string[] | undefined {
  const scopes = text.split(/\s+/).filter(Boolean);
  return scopes.length > 0 ? scopes : undefined;
}

function clientMembers(values: Credentials) {
  return {
    clientName: values.clientName.trim(),
    clientId: values.clientId.trim(),
    clientSecret: values.clientSecret,
    exchangeUrl: values.exchangeUrl.trim(),
    exchangeParameters: recordOf(values.exchangeParameters),
    scopes: scopesOf(values.scopes),
  };
}

/** What was typed, as the API takes it. */
export function configurationOf(
  method: Exclude<MethodId, 'sigv4'>,
  values: Credentials,
  returnToEndpoint: string,
): Configuration {
  switch (method) {
    case 'oAuthClientCredentials':
      return { oAuthClientCredentials: given(clientMembers(values)) };
    case 'oAuth3LO':
      return {
        oAuth3LO: given({
          ...clientMembers(values),
          authorizationUrl: values.authorizationUrl.trim(),
          supportCodeChallenge: values.supportCodeChallenge,
          returnToEndpoint,
        }),
      };
    case 'apiKey':
      return {
        apiKey: given({
          apiKeyName: values.keyName.trim(),
          apiKeyValue: values.keyValue,
          apiKeyHeader: values.keyHeader.trim(),
          apiKeyPrefix: values.keyPrefix.trim(),
        }),
      };
    case 'bearerToken':
      return {
        bearerToken: given({
          tokenName: values.tokenName.trim(),
          tokenValue: values.tokenValue,
          authorizationHeader: values.tokenHeader.trim(),
        }),
      };
    case 'authorizationDiscovery':
      return { authorizationDiscovery: { returnToEndpoint } };
  }
}

export function signedConfigurationOf(values: Credentials): SignedConfiguration {
  return given({
    region: values.region.trim(),
    service: values.service.trim(),
    mcpRoleArn: values.roleArn.trim(),
    customHeaders: recordOf(values.customHeaders),
  });
}

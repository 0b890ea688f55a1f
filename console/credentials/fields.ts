/** The authorization methods, by their members of the API; `sigv4` is a kind of server of its own. */
export type MethodId =
  | 'oAuthClientCredentials'
  | 'oAuth3LO'
  | 'apiKey'
  | 'bearerToken'
  | 'sigv4'
  | 'authorizationDiscovery';

export interface Pair {
  name: string;
  value: string;
}

/** What people type of credentials, of every method at once: changing the method loses nothing. */
export interface Credentials {
  clientName: string;
  clientId: string;
  clientSecret: string;
  exchangeUrl: string;
  exchangeParameters: Pair[];
  authorizationUrl: string;
  supportCodeChallenge: boolean;
  scopes: string;
  keyName: string;
  keyValue: string;
  keyHeader: string;
  keyPrefix: string;
  tokenName: string;
  tokenValue: string;
  tokenHeader: string;
  region: string;
  service: string;
  roleArn: string;
  customHeaders: Pair[];
}

export const NO_CREDENTIALS: Credentials = {
  clientName: '',
  clientId: '',
  clientSecret: '',
  exchangeUrl: '',
  exchangeParameters: [],
  authorizationUrl: '',
  supportCodeChallenge: true,
  scopes: '',
  keyName: 'api-key',
  keyValue: '',
  keyHeader: 'Authorization',
  keyPrefix: '',
  tokenName: 'token',
  tokenValue: '',
  tokenHeader: '',
  region: '',
  service: '',
  roleArn: '',
  customHeaders: [],
};

export interface Field {
  id: keyof Credentials;
  kind: 'text' | 'secret' | 'lines' | 'flag' | 'pairs';
  /** Its member of the method's configuration, where errors point. */
  member: string;
  required?: true;
  /** Asked for in the second part of the configuration. */
  later?: true;
}

const client: Field[] = [
  { id: 'clientName', kind: 'text', member: 'clientName' },
  { id: 'clientId', kind: 'text', member: 'clientId', required: true },
];
const exchange: Field[] = [
  { id: 'exchangeUrl', kind: 'text', member: 'exchangeUrl', required: true },
  { id: 'exchangeParameters', kind: 'pairs', member: 'exchangeParameters' },
];
const scopes: Field = { id: 'scopes', kind: 'lines', member: 'scopes', later: true };

/** What each method asks for, in order. */
export const FIELDS: Readonly<Record<MethodId, readonly Field[]>> = {
  oAuthClientCredentials: [
    ...client,
    { id: 'clientSecret', kind: 'secret', member: 'clientSecret', required: true },
    ...exchange,
    scopes,
  ],
  oAuth3LO: [
    ...client,
    { id: 'clientSecret', kind: 'secret', member: 'clientSecret' },
    ...exchange,
    { id: 'authorizationUrl', kind: 'text', member: 'authorizationUrl', required: true, later: true },
    scopes,
    { id: 'supportCodeChallenge', kind: 'flag', member: 'supportCodeChallenge', later: true },
  ],
  apiKey: [
    { id: 'keyName', kind: 'text', member: 'apiKeyName', required: true },
    { id: 'keyValue', kind: 'secret', member: 'apiKeyValue', required: true },
    { id: 'keyHeader', kind: 'text', member: 'apiKeyHeader', required: true },
    { id: 'keyPrefix', kind: 'text', member: 'apiKeyPrefix' },
  ],
  bearerToken: [
    { id: 'tokenName', kind: 'text', member: 'tokenName', required: true },
    { id: 'tokenValue', kind: 'secret', member: 'tokenValue', required: true },
    { id: 'tokenHeader', kind: 'text', member: 'authorizationHeader' },
  ],
  sigv4: [
    { id: 'region', kind: 'text', member: 'region', required: true },
    { id: 'service', kind: 'text', member: 'service', required: true },
    { id: 'roleArn', kind: 'text', member: 'mcpRoleArn' },
    { id: 'customHeaders', kind: 'pairs', member: 'customHeaders' },
  ],
  authorizationDiscovery: [],
};

/** Fields whose values must not be kept anywhere. */
export const SECRETS = ['clientSecret', 'keyValue', 'tokenValue'] as const satisfies (keyof Credentials)[];

/** The kind of server that a method belongs to. */
export function serviceOf(method: MethodId): 'mcpserver' | 'mcpserversigv4' {
  return method === 'sigv4' ? 'mcpserversigv4' : 'mcpserver';
}

/** JSON Pointer of a field in a registration or an update. */
export function pointerOf(method: MethodId, member: string): string {
  const config = `/serviceDetails/${serviceOf(method)}/authorizationConfig`;
  return method === 'sigv4' ? `${config}/${member}` : `${config}/${method}/${member}`;
}

/** Required fields that are empty. */
export function missingFields(fields: readonly Field[], values: Credentials): Field[] {
  return fields.filter(({ id, required }) => required && String(values[id]).trim() === '');
}

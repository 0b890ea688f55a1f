import type * as z from 'zod';
import { fail } from '../api/errors.ts';
import type { RegisteredService } from '../api/schemas/registeredService.ts';
import type { McpServiceType } from '../api/schemas/serviceTypes.ts';
import type { KeptValidationReport } from '../api/schemas/validation.ts';
import type { Deps } from '../context.ts';
import type { Credential } from '../credentials/credential.ts';
import type { ProtocolVerdict } from '../mcp/types.ts';
import { type OAuthCredential, oauthClientOf } from '../oauth/oauthClient.ts';
import { registrationOf } from '../oauth/registeredClient.ts';
import { grantedScopes } from '../oauth/scopes.ts';
import type { Grant } from '../oauth/types.ts';
import { type SigV4Members, sigv4Members, toSigV4Details } from '../sigv4/sigv4Details.ts';
import { type Key, keys } from '../store/keys.ts';
import { getItem } from '../store/read.ts';

/** A registration as stored; the credential is an item of its own. */
export interface ServiceItem extends Key {
  serviceId: string;
  serviceType: McpServiceType;
  /** The server's name: the claim, and the beginning of its tools' agent-visible names. */
  name: string;
  /** The registration's own display name, where one was given. */
  displayName?: string;
  endpoint: string;
  description?: string;
  /** The kind of its credential; `sigv4` belongs to the other service type and is not shown as a method. */
  authorizationMethod: Credential['kind'];
  /** What may be shown of a SigV4 credential. */
  sigv4?: SigV4Members;
  apiKeyHeader?: string;
  apiKeyPrefix?: string;
  /** What its tokens were for when they were granted. */
  grantedScopes?: string[];
  /** What the server refused calls for want of, since its credential was last replaced. */
  demandedScopes?: Set<string>;
  /** The OAuth client that Switchboard registered for its credential, where it can be removed again. */
  oauthClient?: string;
  kmsKeyArn?: string;
  tags: Record<string, string>;
  createdAt: string;
  updatedAt: string;
  state: 'ENABLED' | 'DISABLED';
  validationStatus: 'valid' | 'invalid';
  lastValidatedAt: string;
  /** Of the last validation; items of before it was kept have none. */
  report?: KeptValidationReport;
  verdict?: ProtocolVerdict;
  toolCount: number;
  catalogueChunks: number;
  /** Of the stored catalogue: equal while the server offers the same tools under the same definitions. */
  catalogueHash: string;
  /** When the server was last asked for its tools, whether or not they had changed. */
  catalogueRefreshedAt: string;
  version: number;
}

/** The stored credential: ciphertext only. */
export interface CredentialItem extends Key {
  ciphertext: Uint8Array;
}

type RegisteredServiceShape = z.input<typeof RegisteredService>;

/** What callers see of a registration. */
export function toRegisteredService(item: ServiceItem): RegisteredServiceShape {
  return {
    serviceId: item.serviceId,
    serviceType: item.serviceType,
    name: item.displayName ?? item.name,
    additionalServiceDetails: detailsOf(item),
    kmsKeyArn: item.kmsKeyArn,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    state: item.state,
    validationStatus: item.validationStatus,
    lastValidatedAt: item.lastValidatedAt,
    toolCount: item.toolCount,
  };
}

function detailsOf(item: ServiceItem): RegisteredServiceShape['additionalServiceDetails'] {
  const { name, endpoint, description, authorizationMethod, sigv4 } = item;
  const { apiKeyHeader, apiKeyPrefix, grantedScopes } = item;
  if (sigv4) return { mcpserversigv4: toSigV4Details({ name, endpoint, description }, sigv4) };
  if (authorizationMethod === 'sigv4') throw new Error('A SigV4 registration without its members');
  const shown = {
    name,
    endpoint,
    authorizationMethod,
    description,
    apiKeyHeader,
    apiKeyPrefix,
    grantedScopes,
  };
  return { mcpserver: shown };
}

/** Takes away what an earlier credential of another method left. */
export const CLEARED_AUTHORIZATION = {
  apiKeyHeader: undefined,
  apiKeyPrefix: undefined,
  sigv4: undefined,
  oauthClient: undefined,
  grantedScopes: undefined,
  demandedScopes: undefined,
} as unknown as Partial<ServiceItem>;

type AuthorizationMembers = Pick<
  ServiceItem,
  'authorizationMethod' | 'apiKeyHeader' | 'apiKeyPrefix' | 'sigv4' | 'oauthClient' | 'grantedScopes'
>;

/** What is kept in the clear of a credential: its method, where it travels, what it was granted, the client it is of. */
export function authorizationMembers(credential: Credential, grant: Grant | undefined): AuthorizationMembers {
  switch (credential.kind) {
    case 'sigv4':
      return { authorizationMethod: 'sigv4', sigv4: sigv4Members(credential) };
    case 'api-key':
      return {
        authorizationMethod: 'api-key',
        apiKeyHeader: credential.header,
        ...(credential.prefix === undefined ? {} : { apiKeyPrefix: credential.prefix }),
      };
    case 'bearer-token':
      return { authorizationMethod: 'bearer-token' };
    default:
      return oauthMembers(credential, grant);
  }
}

function oauthMembers(credential: OAuthCredential, grant: Grant | undefined): AuthorizationMembers {
  const oauthClient = registrationOf(credential);
  const granted = grant ? grantedScopes(oauthClientOf(credential), grant.tokens) : [];
  return {
    authorizationMethod: credential.kind,
    ...(oauthClient === undefined ? {} : { oauthClient }),
    ...(granted.length > 0 ? { grantedScopes: granted } : {}),
  };
}

/** @throws ResourceNotFoundException */
export async function requireService(deps: Deps, accountId: string, serviceId: string): Promise<ServiceItem> {
  const item = await getItem<ServiceItem>(deps, keys.service(accountId, serviceId));
  return item ?? noService(serviceId);
}

/** @throws ResourceNotFoundException always */
export function noService(serviceId: string): never {
  throw fail(
    'ResourceNotFoundException',
    `There is no service ${serviceId} in this account. ListServices shows those there are.`,
  );
}

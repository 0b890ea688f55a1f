import type { OidcConfig } from '../console/api/config.ts';
import { join, type Resource, ref, type Value } from './cloudformation.ts';

/** Who signs people in to the console. */
export interface ConsoleProvider extends Record<'issuer' | 'clientId', Value>, Pick<OidcConfig, 'scope'> {
  resources: Record<string, Resource>;
  /** Origins that the console asks: of the issuer, and of its token endpoint. */
  origins: Value[];
  /** What an identity pool is told of it. */
  poolSettings: object;
  /** What it is called in the role mappings of an identity pool. */
  mappedAs: Value;
  /** Whether people have groups with roles, which choose theirs. */
  hasGroups: boolean;
}

/** A user pool as an identity pool is told of it: it asks whether the person was signed out everywhere. */
export function cognitoSettings(pool: Value, clientId: Value): object {
  return {
    CognitoIdentityProviders: [{ ProviderName: pool, ClientId: clientId, ServerSideTokenCheck: true }],
  };
}

/** Where identity pools of the deployment's region are asked. */
export const identityOrigin = join('https://cognito-identity.', ref('AWS::Region'), '.amazonaws.com');

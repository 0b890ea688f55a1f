import { type Resource, ref, type Value } from './cloudformation.ts';
import { userPool } from './consoleUserPool.ts';
import { type ConsoleProvider, cognitoSettings } from './identityProvider.ts';
import { flagParam, formParam, type Resolver, textParam } from './params.ts';

const COGNITO = /^https:\/\/(cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/[\w-]+)$/;

/**
 * A user pool of the stack, or a provider that parameters name; nothing where people bring credentials.
 * @throws Error naming a parameter that cannot be used, or is missing
 */
export async function consoleProvider(
  resolver: Resolver,
  origin: Value,
): Promise<ConsoleProvider | undefined> {
  const issuer = await formParam(
    resolver,
    'consoleOidcIssuer',
    /^https:\/\/[^/\s?#]+(\/[^\s?#]*)?$/,
    'the https:// URL of an issuer, without query',
  );
  const makesPool = await flagParam(resolver, 'consoleUserPool');
  if (makesPool && issuer !== undefined) {
    throw new Error('consoleUserPool and consoleOidcIssuer exclude each other: one of them signs people in.');
  }
  if (makesPool) return userPool(origin);
  return issuer === undefined ? undefined : named(resolver, issuer);
}

async function named(resolver: Resolver, issuer: string): Promise<ConsoleProvider> {
  const clientId = await formParam(
    resolver,
    'consoleOidcClientId',
    /^\S{1,255}$/,
    'the id of an OAuth client',
  );
  if (clientId === undefined) {
    throw new Error('consoleOidcIssuer needs consoleOidcClientId, a public client of it with PKCE.');
  }
  const common = {
    issuer,
    clientId,
    scope: await scopeOf(resolver),
    origins: [new URL(issuer).origin, ...(await otherOrigins(resolver))],
    hasGroups: false,
  };
  const [, pool] = COGNITO.exec(issuer) ?? [];
  if (pool === undefined) return { ...common, ...(await openIdConnect(resolver, issuer, clientId)) };
  return {
    ...common,
    resources: {},
    poolSettings: cognitoSettings(pool, clientId),
    mappedAs: `${pool}:${clientId}`,
  };
}

/** An account has one IAM OIDC provider for each issuer: a parameter names it where there is one. */
async function openIdConnect(resolver: Resolver, issuer: string, clientId: string) {
  const given = await formParam(
    resolver,
    'consoleOidcProviderArn',
    /^arn:aws:iam::\d{12}:oidc-provider\/\S+$/,
    'the ARN of an IAM OIDC provider',
  );
  const provider = given ?? ref('ConsoleOidcProvider');
  const made: Record<string, Resource> = given
    ? {}
    : {
        ConsoleOidcProvider: {
          Type: 'AWS::IAM::OIDCProvider',
          Properties: { Url: issuer, ClientIdList: [clientId] },
        },
      };
  return { resources: made, poolSettings: { OpenIdConnectProviderARNs: [provider] }, mappedAs: provider };
}

async function scopeOf(resolver: Resolver): Promise<string> {
  const scope = (await textParam(resolver, 'consoleOidcScope')).split(/[\s,]+/).join(' ');
  if (/^[\x21\x23-\x5b\x5d-\x7e ]+$/.test(scope) && scope.split(' ').includes('openid')) return scope;
  throw new Error(`consoleOidcScope must be scopes with openid among them, not "${scope}".`);
}

async function otherOrigins(resolver: Resolver): Promise<string[]> {
  const given = (await textParam(resolver, 'consoleOidcOrigins')).split(',').map(origin => origin.trim());
  const origins = given.filter(origin => origin !== '');
  const strange = origins.find(origin => !/^https:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin));
  if (strange === undefined) return origins;
  throw new Error(`consoleOidcOrigins must be origins such as https://login.example.com, not "${strange}".`);
}

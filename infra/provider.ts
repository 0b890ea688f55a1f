import { loadConfig } from '../lib/config.ts';
import { browserRoutes } from '../lib/oauth/browserRoutes.ts';
import { attribute, join, ref, type Value } from './cloudformation.ts';
import { domainName } from './domain.ts';
import { formParam, type Resolver, textParam } from './params.ts';
import { trustedAccounts } from './trustedAccounts.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const STAGE = '${sls:stage}';
/** The name that API Gateway gave the API. */
export const apiHost = join(
  ref('ApiGatewayRestApi'),
  '.execute-api.',
  ref('AWS::Region'),
  '.',
  ref('AWS::URLSuffix'),
);
/** Where API Gateway itself serves the deployed stage. */
export const apiUrl = join('https://', apiHost, `/${STAGE}`);

/** The address of the deployed API: the parameter `publicBaseUrl`, the custom domain, or API Gateway's own. */
export async function publicBaseUrl(resolver: Resolver): Promise<Value> {
  const given = await formParam(
    resolver,
    'publicBaseUrl',
    /^https:\/\/[^/\s]+(\/[^?#\s]*)?$/,
    'an https:// URL',
  );
  const domain = await domainName(resolver);
  return given ?? (domain ? `https://${domain}` : apiUrl);
}

/**
 * A time before which no access token or consent was given that is good. What functions would refuse at their start is refused
 * before it is deployed.
 */
export async function tokensValidFrom(resolver: Resolver): Promise<string> {
  const given = await textParam(resolver, 'tokensValidFrom');
  loadConfig({ TOKENS_VALID_FROM: given });
  return given;
}

/** Resolved by CloudFormation at deployment: it is in no file. */
export const pageTokenKey = join('{{resolve:secretsmanager:', ref('PageTokenKey'), '}}');

/** What ExternalIds are made with; see pageTokenKey. */
export const externalIdSecret = join('{{resolve:secretsmanager:', ref('ExternalIdSecret'), '}}');

export const credentialKeyArn = attribute('CredentialKey', 'Arn');

/** Lets the accounts of the parameter `trustedAccounts` call; their own policies then say who there may. */
export async function resourcePolicy(resolver: Resolver): Promise<object[]> {
  const accounts = await trustedAccounts(resolver);
  if (accounts.length === 0) return [];
  const stage = String(await resolver.resolveVariable('sls:stage'));
  return [
    {
      Effect: 'Allow',
      Principal: { AWS: accounts },
      Action: ['execute-api:Invoke'],
      Resource: 'execute-api:/*',
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: ['execute-api:Invoke'],
      Resource: browserRoutes.map(route => openResource(route, stage)),
    },
  ];
}

/**
 * With a policy in place, routes without authorization are open to those alone that it names. Stage and path are
 * spelt out, since `*` would match slashes, and with them other routes.
 */
function openResource({ method, path }: (typeof browserRoutes)[number], stage: string): string {
  return `execute-api:/${stage}/${method}${path}`;
}

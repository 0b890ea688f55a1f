import type { ConsoleConfig } from '../console/api/config.ts';
import { attribute, type Intrinsic, jsonText, originOf, ref, type Value } from './cloudformation.ts';
import type { ConsoleSignIn } from './consoleSignIn.ts';
import { numberParam, type Resolver } from './params.ts';
import { apiUrl } from './provider.ts';

/** Members whose values are known at deployment. */
export type Deployed<T> = {
  [K in keyof T]: NonNullable<T[K]> extends string
    ? Value
    : NonNullable<T[K]> extends object
      ? Deployed<NonNullable<T[K]>>
      : T[K];
};

/** The text of `/console/config.json`, which `npm run deploy-console` takes from the stack's outputs. */
export async function consoleConfig(
  resolver: Resolver,
  origin: Value,
  signIn: ConsoleSignIn['config'],
): Promise<Intrinsic> {
  const config: Deployed<ConsoleConfig> = {
    region: ref('AWS::Region'),
    accountId: ref('AWS::AccountId'),
    toolsPerSpace: await numberParam(resolver, 'quotaToolsPerSpace', 1, 1_000_000),
    publicBaseUrl: origin,
    apiUrl,
    agentsUrl: originOf(attribute('McpGatewayLambdaFunctionUrl', 'FunctionUrl')),
    hasSignInLinks: false,
    ...signIn,
  };
  return jsonText({ ...config });
}

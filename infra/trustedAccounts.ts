import { attribute, type Resource } from './cloudformation.ts';
import { type Resolver, textParam } from './params.ts';

/** The accounts of the parameter `trustedAccounts`. @throws Error naming what is no account id */
export async function trustedAccounts(resolver: Resolver): Promise<string[]> {
  const accounts = (await textParam(resolver, 'trustedAccounts'))
    .split(',')
    .map(account => account.trim())
    .filter(account => account !== '');
  const strange = accounts.find(account => !/^\d{12}$/.test(account));
  if (strange !== undefined) throw new Error(`trustedAccounts holds "${strange}", which is no account id`);
  return accounts;
}

/**
 * Lets these accounts call tools of their agent spaces, signed; their own policies then say who there may. A function
 * URL asks for both permissions.
 */
export async function gatewayPermissions(resolver: Resolver): Promise<Record<string, Resource>> {
  const accounts = await trustedAccounts(resolver);
  return Object.fromEntries(
    accounts.flatMap(account => [
      [
        `McpGatewaySignedUrlOf${account}`,
        permission(account, { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'AWS_IAM' }),
      ],
      [
        `McpGatewaySignedOf${account}`,
        permission(account, { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
      ],
    ]),
  );
}

function permission(account: string, more: object): Resource {
  const FunctionName = attribute('McpGatewaySignedLambdaFunction', 'Arn');
  return { Type: 'AWS::Lambda::Permission', Properties: { FunctionName, Principal: account, ...more } };
}

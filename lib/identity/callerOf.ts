import type {
  APIGatewayProxyEvent,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
} from 'aws-lambda';
import { fail } from '../api/errors.ts';
import type { Caller, WebIdentity } from './caller.ts';

/**
 * The caller that API Gateway's IAM authorizer proved (`requestContext.identity`); the embedded server
 * fills the same members after verifying the signature itself.
 * @throws AccessDeniedException where no account was proven: nothing is served without one
 */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { accountId, userArn, caller, accessKey, sourceIp, userAgent, ...identity } =
    event.requestContext.identity;
  if (!accountId || !userArn) throw fail('AccessDeniedException', 'The caller has no AWS identity.');
  return {
    accountId,
    arn: userArn,
    ...describeArn(userArn),
    principalId: caller ?? '',
    accessKeyId: accessKey ?? '',
    sourceIp,
    userAgent: userAgent ?? '',
    ...personOf(caller ?? '', {
      identityId: identity.cognitoIdentityId,
      identityPoolId: identity.cognitoIdentityPoolId,
      provider: identity.cognitoAuthenticationProvider,
    }),
  };
}

type Told<T> = { [K in keyof T]?: T[K] | null };

/**
 * All credentials of an identity pool have one session name. The identity takes its place where people have to be told
 * apart: `CognitoIdentityCredentials` would be everyone.
 */
function personOf(
  principalId: string,
  { identityId, identityPoolId, provider }: Told<WebIdentity>,
): Partial<Pick<Caller, 'principalId' | 'userName' | 'webIdentity'>> {
  if (!identityId) return {};
  return {
    principalId: `${principalId.split(':')[0]}:${identityId}`,
    userName: identityId,
    webIdentity: { identityId, identityPoolId: identityPoolId ?? '', provider: provider ?? '' },
  };
}

/** The caller that a function URL's IAM authorizer proved (`requestContext.authorizer.iam`), if it has one. */
export function signerOf(
  event: LambdaFunctionURLEvent | LambdaFunctionURLEventWithIAMAuthorizer,
): Caller | undefined {
  const { requestContext } = event;
  if (!('authorizer' in requestContext) || !requestContext.authorizer.iam) return undefined;
  const { accountId, userArn, callerId, accessKey } = requestContext.authorizer.iam;
  if (!accountId || !userArn) return undefined;
  const { sourceIp, userAgent } = requestContext.http;
  return {
    accountId,
    arn: userArn,
    ...describeArn(userArn),
    principalId: callerId,
    accessKeyId: accessKey,
    sourceIp,
    userAgent,
    ...personOf(callerId, poolIdentityOf(requestContext.authorizer.iam)),
  };
}

/** The types say that there is none. */
function poolIdentityOf(iam: { cognitoIdentity: unknown }): Told<WebIdentity> {
  const { cognitoIdentity } = iam as {
    cognitoIdentity: { identityId?: string; identityPoolId?: string; amr?: string[] } | null;
  };
  const { identityId, identityPoolId, amr = [] } = cognitoIdentity ?? {};
  // Of `authenticated`, the provider, and the provider with its subject, the last says most.
  return {
    identityId: identityId ?? null,
    identityPoolId: identityPoolId ?? null,
    provider: amr.at(-1) ?? null,
  };
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, `arn:aws:iam::<account>:user/<path>/<name>` or `:root`. */
function describeArn(arn: string): Pick<Caller, 'type' | 'userName'> {
  const resource = arn.split(':').slice(5).join(':');
  const name = resource.split('/').pop() ?? '';
  if (resource.startsWith('assumed-role/')) return { type: 'AssumedRole', userName: name };
  if (resource === 'root') return { type: 'Root', userName: 'root' };
  return { type: 'IAMUser', userName: name };
}

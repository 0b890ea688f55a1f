import type {
  APIGatewayProxyEvent,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
} from 'aws-lambda';
import { fail } from '../api/errors.ts';
import type { Caller } from './caller.ts';

/**
 * The caller that API Gateway's IAM authorizer proved (`requestContext.identity`); the embedded server
 * fills the same members after verifying the signature itself.
 * @throws AccessDeniedException where no account was proven: nothing is served without one
 */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { accountId, userArn, caller, accessKey, sourceIp, userAgent } = event.requestContext.identity;
  if (!accountId || !userArn) throw fail('AccessDeniedException', 'The caller has no AWS identity.');
  return {
    accountId,
    arn: userArn,
    ...describeArn(userArn),
    principalId: caller ?? '',
    accessKeyId: accessKey ?? '',
    sourceIp,
    userAgent: userAgent ?? '',
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
  };
}

/**
 * `arn:aws:sts::<account>:assumed-role/<role>/<session>` or `:federated-user/<session>`,
 * `arn:aws:iam::<account>:user/<path>/<name>` or `:root`.
 */
function describeArn(arn: string): Pick<Caller, 'type' | 'userName'> {
  const resource = arn.split(':').slice(5).join(':');
  const name = resource.split('/').pop() ?? '';
  if (resource.startsWith('assumed-role/')) return { type: 'AssumedRole', userName: name };
  if (resource.startsWith('federated-user/')) return { type: 'FederatedUser', userName: name };
  if (resource === 'root') return { type: 'Root', userName: 'root' };
  return { type: 'IAMUser', userName: name };
}

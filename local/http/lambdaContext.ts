import type { Context } from 'aws-lambda';

/** API Gateway gives an integration 29 seconds. */
export const HANDLER_TIMEOUT_MS = 29_000;

/** The context object that Lambda would pass to the handler of an operation. */
export function lambdaContext(
  name: string,
  requestId: string,
  startedAt: number,
  now: () => number,
): Context {
  const functionName = name.charAt(0).toLowerCase() + name.slice(1);
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '0',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, startedAt + HANDLER_TIMEOUT_MS - now()),
    // Callbacks of the Node.js 0.10 runtime: part of the type, gone from Lambda's current runtimes.
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

function unsupported(): never {
  throw new Error('Return or throw instead.');
}

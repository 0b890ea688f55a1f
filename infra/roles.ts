import { arn, type Resource, type Statement } from './cloudformation.ts';
import { permissions } from './permissions.ts';

/** The logical id of a function's role. */
export function roleOf(functionName: string): string {
  if (!(functionName in permissions))
    throw new Error(`infra/permissions.ts says nothing of ${functionName}.`);
  return `${functionName.charAt(0).toUpperCase()}${functionName.slice(1)}Role`;
}

/** Into the function's own log group; osls makes it, and resolves the name. */
const writeLogs = (functionName: string): Statement => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
  Resource: arn('logs', 'log-group:/aws/lambda/${self:service}-${sls:stage}-', `${functionName}:*`),
});

/** X-Ray knows no resources (Service Authorization Reference). */
const writeTraces: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

function role(functionName: string, statements: readonly Statement[]): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'function',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [writeLogs(functionName), writeTraces, ...statements],
          },
        },
      ],
    },
  };
}

/** One role for each function. */
export const roles: Record<string, Resource> = Object.fromEntries(
  Object.entries(permissions).map(([name, statements]) => [roleOf(name), role(name, statements)]),
);

import type { Operation } from '../lib/api/operation.ts';
import { operationList } from '../lib/api/operations.ts';
import { ACCESS_LOG_GROUP } from './accessLog.ts';
import { arn, attribute, type Resource, ref, type Statement } from './cloudformation.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const STAGE = '${sls:stage}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const FUNCTIONS = '${self:service}-${sls:stage}';

const route = ({ method, path }: Pick<Operation, 'method' | 'path'>) =>
  arn('execute-api', ref('ApiGatewayRestApi'), `/${STAGE}/${method}${path.replaceAll(/\{\w+\}/g, '*')}`);

const call = (operations: readonly Operation[]): Statement => ({
  Effect: 'Allow',
  Action: ['execute-api:Invoke'],
  Resource: operations.map(route),
});

const signedGateway = attribute('McpGatewaySignedLambdaFunction', 'Arn');

/** Tools, as an agent that signs its requests: function URLs ask for both (Lambda Developer Guide, "urls-auth"). */
const callTools: Statement[] = [
  {
    Effect: 'Allow',
    Action: ['lambda:InvokeFunctionUrl'],
    Resource: signedGateway,
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
  },
  {
    Effect: 'Allow',
    Action: ['lambda:InvokeFunction'],
    Resource: signedGateway,
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  },
];

const readLogs: Statement = {
  Effect: 'Allow',
  Action: ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:StartQuery', 'logs:DescribeLogStreams'],
  Resource: [
    arn('logs', `log-group:/aws/lambda/${FUNCTIONS}-*`),
    arn('logs', `log-group:${ACCESS_LOG_GROUP}:*`),
  ],
};

/** These know no resources (Service Authorization Reference). */
const watch: Statement = {
  Effect: 'Allow',
  Action: [
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
    'cloudwatch:ListMetrics',
    'logs:GetQueryResults',
  ],
  Resource: '*',
};

/** Whom each managed policy is for, in the words of the embedded mode's roles. */
const POLICIES: Record<string, { description: string; statements: Statement[] }> = {
  SwitchboardAdmin: {
    description:
      'Calls every operation of Switchboard and the tools of agent spaces; sees logs, metrics and alarms.',
    statements: [call(operationList), ...callTools, readLogs, watch],
  },
  SwitchboardOperator: {
    description: 'Calls every operation of Switchboard and the tools of agent spaces.',
    statements: [call(operationList), ...callTools],
  },
  SwitchboardAuditor: {
    description: 'Calls the operations of Switchboard that change nothing: Get, List and LookupEvents.',
    statements: [call(operationList.filter(({ access }) => access === 'read'))],
  },
};

/** Managed policies for people; whoever deploys attaches them. IAM knows no regions, so the names tell it. */
export const people: Record<string, Resource> = Object.fromEntries(
  Object.entries(POLICIES).map(([name, { description, statements }]) => [
    name,
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: { 'Fn::Join': ['-', [name, STAGE, ref('AWS::Region')]] },
        Description: description,
        PolicyDocument: { Version: '2012-10-17', Statement: statements },
      },
    },
  ]),
);

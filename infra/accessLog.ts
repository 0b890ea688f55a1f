import { arn, attribute, join, type Resource, ref } from './cloudformation.ts';
import { flagParam, type Resolver } from './params.ts';

/** The log group's own name, beside that of audit events. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
export const ACCESS_LOG_GROUP = '/${self:service}/${sls:stage}/access';

/**
 * What is told of each request to the API, by API Gateway's names ("Variables for access logging for API Gateway").
 * `path` is the route with its labels, not what was asked for. Words of errors are left out: they quote what
 * functions throw. Callers may choose the request id, so it comes before all that they cannot choose.
 */
const FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  sourceIp: '$context.identity.sourceIp',
  principal: '$context.identity.userArn',
  error: '$context.error.responseType',
  integrationStatus: '$context.integrationStatus',
  integrationLatencyMs: '$context.integrationLatency',
};

/** Of the API's stage: one JSON line for each request. API Gateway takes the ARN without the `:*` that Logs puts behind it. */
export const accessLogSetting = {
  DestinationArn: arn('logs', 'log-group:', ref('AccessLogGroup')),
  Format: JSON.stringify(FIELDS),
};

/**
 * API Gateway writes logs of all the REST APIs of an account and region with one role, without which it refuses a
 * stage that has a log. AWS names this policy for it. Both stay when the stack goes: other APIs may log through them.
 */
const accountRole: Record<string, Resource> = {
  ApiGatewayLogsRole: {
    Type: 'AWS::IAM::Role',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      ManagedPolicyArns: [
        join(
          'arn:',
          ref('AWS::Partition'),
          ':iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
        ),
      ],
    },
  },
  ApiGatewayAccount: {
    Type: 'AWS::ApiGateway::Account',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    // An account that never had an API knows no such settings before.
    DependsOn: ['ApiGatewayRestApi'],
    Properties: { CloudWatchRoleArn: attribute('ApiGatewayLogsRole', 'Arn') },
  },
};

/**
 * Where requests to the API are logged, and, unless the parameter `apiGatewayLogsRole` says that the account has one,
 * what API Gateway logs with.
 * @throws Error where the parameter is neither `true` nor `false`
 */
export async function accessLog(resolver: Resolver): Promise<Record<string, Resource>> {
  return {
    AccessLogGroup: {
      Type: 'AWS::Logs::LogGroup',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
      Properties: { LogGroupName: ACCESS_LOG_GROUP, RetentionInDays: '${param:logRetentionDays}' },
    },
    ...((await flagParam(resolver, 'apiGatewayLogsRole')) ? accountRole : {}),
  };
}

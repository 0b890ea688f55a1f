import { type Alarm, alarm, api, lambda, own } from './alarm.ts';
import { auditAlarms } from './auditAlarms.ts';
import { type Resource, ref } from './cloudformation.ts';
import { formParam, type Resolver } from './params.ts';

const AGENTS = ['mcpGateway', 'mcpGatewaySigned'];

/** Of the API, the agents' endpoint and what runs by itself. */
export const ALARMS: Record<string, Alarm> = {
  ...auditAlarms,
  ApiServerErrors: {
    happens: 'The API answered at least 5 requests in 5 minutes with a status of 500 or more.',
    matters: 'Operators cannot register, rotate or remove servers; a change may not have been made.',
    remedy:
      'Look for "request failed" in the functions\' logs by request id. Check KMS, DynamoDB and recent deployments.',
    metric: api('5XXError', 'Sum'),
    threshold: 5,
    minutes: 5,
  },
  ApiReadLatency: {
    happens: 'The slowest hundredth of reading calls took over 2 s for 15 minutes.',
    matters: 'The console and scripts wait; calls near the time limit fail.',
    remedy:
      'Compare Latency of each operation. Look for DynamoDB throttling and for cold starts after a deployment.',
    metric: own('Latency', { access: 'read' }, 'p99'),
    threshold: 2_000,
    minutes: 5,
    periods: 3,
  },
  ApiLatency: {
    happens:
      'The slowest hundredth of all API requests took over 25 s for 15 minutes; API Gateway gives up at 29 s.',
    matters: 'Registrations are about to fail by time, since servers answer their checks too slowly.',
    remedy:
      'Look at the validation steps in the logs of registerService and validateService: the step that takes long names the server.',
    metric: api('Latency', 'p99'),
    threshold: 25_000,
    minutes: 5,
    periods: 3,
  },
  FunctionThrottles: {
    happens: 'Lambda refused to run a function of this region at least 5 times in 5 minutes.',
    matters: 'Requests of operators and agents are refused although nothing is wrong with them.',
    remedy:
      "Compare ConcurrentExecutions with the account's limit, and ask for a higher one; or raise reservedConcurrency.",
    metric: { namespace: 'AWS/Lambda', sources: [{ name: 'Throttles', dimensions: {} }], stat: 'Sum' },
    threshold: 5,
    minutes: 5,
  },
  TableThrottles: {
    happens: 'DynamoDB throttled reads or writes of the table at least 10 times in 5 minutes.',
    matters: 'Calls are retried and slow, then refused.',
    remedy:
      'Find the busy partition with CloudWatch Contributor Insights. A table on demand doubles in half an hour; one partition has its own limit.',
    metric: {
      namespace: 'AWS/DynamoDB',
      sources: ['ReadThrottleEvents', 'WriteThrottleEvents'].map(name => ({
        name,
        dimensions: { TableName: ref('Table') },
      })),
      stat: 'Sum',
    },
    threshold: 10,
    minutes: 5,
  },
  AgentEndpointErrors: {
    happens: "The agents' endpoint answered at least 5 requests in 5 minutes with a status of 500 or more.",
    matters: 'Agents cannot reach their tools.',
    remedy: 'Look for "agent request failed" in the logs of mcpGateway and mcpGatewaySigned by request id.',
    metric: lambda('Url5xxCount', ...AGENTS),
    threshold: 5,
    minutes: 5,
  },
  AgentEndpointThrottles: {
    happens: "Lambda refused to run the functions of the agents' endpoint.",
    matters:
      'Each call of a tool holds one of them until its server has answered: slow servers use up the concurrency.',
    remedy:
      "Find the slow server with GatewayLatency and disable it, or raise reservedConcurrency or the account's limit.",
    metric: lambda('Throttles', ...AGENTS),
    threshold: 1,
    minutes: 5,
  },
  BackgroundErrors: {
    happens: 'Scheduled functions failed at least 3 times in 15 minutes.',
    matters:
      'Servers are not checked, deleted spaces not emptied, or abandoned OAuth clients not removed. The next run goes on where this one failed.',
    remedy:
      'Look for "request failed" in the logs of checkServiceHealth, sweepDeletedSpaces and removeAbandonedClients.',
    metric: lambda('Errors', 'checkServiceHealth', 'sweepDeletedSpaces', 'removeAbandonedClients'),
    threshold: 3,
    minutes: 15,
  },
  ValidationFailures: {
    happens: 'At least 3 checks of registered servers failed within an hour.',
    matters: 'Agents cannot use the tools of these servers, or not as they were confirmed.',
    remedy:
      'LookupEvents by the name CheckServiceHealth tells which servers and which step. Ask their owners, rotate the credential, or disable them.',
    metric: own('ValidationFailures', { source: 'health' }),
    threshold: 3,
    minutes: 60,
  },
  TokenRefreshFailures: {
    happens: 'At least 3 OAuth tokens could not be renewed within 15 minutes.',
    matters:
      'Calls fail once the old tokens end. A consent that was withdrawn stays lost until somebody consents again.',
    remedy:
      'LookupEvents by the name RefreshAccessToken names the servers whose consent is lost; otherwise the authorization server is down.',
    metric: own('TokenRefreshFailures'),
    threshold: 3,
    minutes: 15,
  },
  DriftEvents: {
    happens: 'A server changed or took away a tool that somebody had confirmed.',
    matters: 'The tool is withheld from agents. A change that nobody announced may be an attack.',
    remedy:
      'LookupEvents by the name ToolDefinitionChanged shows both definitions. Confirm with UpdateAssociation, or disable the server.',
    metric: own('DriftEvents', { event: 'ToolDefinitionChanged' }),
    threshold: 1,
    minutes: 5,
  },
  InvocationRecordsLost: {
    happens: 'Records of tool calls could not be written, or were dropped.',
    matters: 'The history of these spaces has gaps: what agents did then cannot be shown.',
    remedy:
      'Look for "invocations" in the logs of mcpGateway and mcpGatewaySigned, and at DynamoDB throttling.',
    metric: {
      namespace: 'Switchboard',
      sources: [{ name: 'InvocationRecordsLost', dimensions: {} }],
      stat: 'Sum',
    },
    threshold: 1,
    minutes: 5,
  },
};

/** A filter of a log group that counts lines as a metric of ours. */
function lostRecords(name: string): Resource {
  return {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: ref(`${idOf(name)}LogGroup`),
      FilterPattern:
        '{ ($.message = "invocations not written") || ($.message = "invocations dropped") || ($.message = "invocations lost") }',
      MetricTransformations: [
        { MetricNamespace: 'Switchboard', MetricName: 'InvocationRecordsLost', MetricValue: '1' },
      ],
    },
  };
}

/** The beginning of the logical ids that osls gives to a function's resources. */
const idOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;

/** Alarms, told to the topic of the parameter `alarmTopicArn`; without one they show in CloudWatch alone. */
export async function alarms(resolver: Resolver): Promise<Record<string, Resource>> {
  const topic = await formParam(resolver, 'alarmTopicArn', TOPIC, 'the ARN of an SNS topic');
  return Object.fromEntries([
    ...Object.entries(ALARMS).map(([id, from]) => [`${id}Alarm`, alarm(id, from, topic)] as const),
    ...AGENTS.map(name => [`${idOf(name)}LostRecords`, lostRecords(name)] as const),
  ]);
}

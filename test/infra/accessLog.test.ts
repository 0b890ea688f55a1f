import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packaged, packageProject } from './package.ts';

const LOGS_ROLE = 'ApiGatewayLogsRole';
const PLACE = [{ Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }];
/** Without the `:*` of the group's own attribute. */
const GROUP_ARN = { 'Fn::Join': ['', ['arn:', ...PLACE, ':', 'log-group:', { Ref: 'AccessLogGroup' }]] };

describe.each(['dev', 'prod'])("the log of the API's requests in %s", stage => {
  let packaged: Packaged;
  beforeAll(async () => {
    packaged = await packageProject('--stage', stage);
  });
  afterAll(() => packaged?.remove());

  const deployment = () =>
    Object.values(packaged.resources).find(({ Type }) => Type === 'AWS::ApiGateway::Deployment')?.Properties;

  it('goes to a group of its own, kept as long as the others', () => {
    expect(deployment().StageDescription.AccessLogSetting.DestinationArn).toEqual(GROUP_ARN);
    expect(packaged.resources.AccessLogGroup).toMatchObject({
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: `/switchboard/${stage}/access`,
        RetentionInDays: stage === 'prod' ? 365 : 30,
      },
    });
  });

  it('has these fields, and nothing of what was asked or answered', () => {
    const { Format } = deployment().StageDescription.AccessLogSetting;
    expect(JSON.parse(Format)).toEqual({
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
    });
    // API Gateway takes one line.
    expect(Format).not.toContain('\n');
  });

  it('is of requests alone: API Gateway traces no data of them', () => {
    for (const settings of deployment().StageDescription.MethodSettings) {
      expect(settings).not.toHaveProperty('DataTraceEnabled');
      expect(settings).not.toHaveProperty('LoggingLevel');
    }
  });

  it('is written with a role that API Gateway alone may take, and that is set before the stage is made', () => {
    const {
      [LOGS_ROLE]: role,
      ApiGatewayAccount: account,
      ApiGatewayMethodPost: method,
    } = packaged.resources;
    expect(role?.Properties).toEqual({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
            ],
          ],
        },
      ],
    });
    expect(account).toMatchObject({
      Type: 'AWS::ApiGateway::Account',
      DependsOn: ['ApiGatewayRestApi'],
      Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': [LOGS_ROLE, 'Arn'] } },
    });
    expect(method?.DependsOn).toContain('ApiGatewayAccount');
    // Other APIs of the account log through them.
    expect([role?.DeletionPolicy, account?.DeletionPolicy]).toEqual(['Retain', 'Retain']);
  });

  it('is read by admins, and by nobody else', () => {
    const readers = Object.entries(packaged.resources)
      .filter(([, { Type }]) => Type.startsWith('AWS::IAM::'))
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes(`/switchboard/${stage}/access:*`));
    expect(readers.map(([id]) => id)).toEqual(['SwitchboardAdmin']);
  });
});

describe('an account whose API Gateway has a role for logs', () => {
  it('keeps it', async () => {
    const packaged = await packageProject('--param=apiGatewayLogsRole=false');
    try {
      const { resources } = packaged;
      expect(resources).not.toHaveProperty(LOGS_ROLE);
      expect(resources).not.toHaveProperty('ApiGatewayAccount');
      expect(resources.ApiGatewayMethodPost?.DependsOn).not.toContain('ApiGatewayAccount');
      expect(resources).toHaveProperty('AccessLogGroup');
    } finally {
      packaged.remove();
    }
  });

  it('is told by true or false', async () => {
    const failure = await packageProject('--param=apiGatewayLogsRole=mine').catch(
      error => `${error.stdout}${error.stderr}`,
    );
    expect(failure).toContain('apiGatewayLogsRole must be true or false');
  });
});

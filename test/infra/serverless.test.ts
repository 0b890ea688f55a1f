import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcePolicy } from '../../infra/provider.ts';
import { functionName } from '../../lib/api/operation.ts';
import { operationList } from '../../lib/api/operations.ts';
import { browserRoutes } from '../../lib/oauth/browserRoutes.ts';
import { TABLE, TTL_ATTRIBUTE } from '../../lib/store/table.ts';
import { AGENTS, SCHEDULED } from './functionKinds.ts';
import { type Packaged, packageProject } from './package.ts';

/** Characters of an ARN, a URL or a secret that CloudFormation puts in the place of a reference, at most. */
const MAX_RESOLVED = 128;

describe.each(['dev', 'prod'])('serverless package of %s', stage => {
  let packaged: Packaged;
  const ofType = (type: string) =>
    Object.entries(packaged.resources).filter(([, resource]) => resource.Type === type);
  const functionId = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
  const lambda = (name: string) => packaged.resources[functionId(name)];

  beforeAll(async () => {
    packaged = await packageProject('--stage', stage);
  });
  afterAll(() => packaged?.remove());

  /** The path of an API Gateway resource, by walking up to the root. */
  function pathOf(resourceId: { Ref?: string }): string {
    const resource = packaged.resources[resourceId.Ref ?? ''];
    if (!resource) return '';
    return `${pathOf(resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
  }

  it('routes every operation to its function, and nothing else', () => {
    const routed = ofType('AWS::ApiGateway::Method').map(([, { Properties }]) => {
      const target = JSON.stringify(Properties.Integration.Uri).match(/"(\w+LambdaFunction)"/)?.[1];
      return `${Properties.HttpMethod} ${pathOf(Properties.ResourceId) || '/'} ${target}`;
    });
    const expected = operationList.map(row => `${row.method} ${row.path} ${functionId(functionName(row))}`);
    const open = browserRoutes.map(route => `${openRoute(route)} ${functionId(route.name)}`);
    expect(routed.sort()).toEqual([...expected, ...open].sort());
  });

  /** A resource `mcpserver` beside `{service}` would take the operations' requests, and answer none. */
  const openRoute = ({ method, path }: { method: string; path: string }) =>
    `${method} ${path.replace('/mcpserver/', '/{service}/')}`;

  it('lets IAM authorize every route but those of browsers', () => {
    const open = ofType('AWS::ApiGateway::Method')
      .filter(([, { Properties }]) => Properties.AuthorizationType !== 'AWS_IAM')
      .map(([, { Properties }]) => {
        expect(Properties.AuthorizationType).toBe('NONE');
        return `${Properties.HttpMethod} ${pathOf(Properties.ResourceId)}`;
      });
    expect(open.sort()).toEqual(browserRoutes.map(openRoute).sort());
  });

  it("streams the agents' endpoint from two function URLs: open to access tokens, and behind IAM", () => {
    const urls = ofType('AWS::Lambda::Url').map(([, { Properties }]) => {
      const target = JSON.stringify(Properties.TargetFunctionArn).match(/"(\w+LambdaFunction)"/)?.[1];
      return [target, Properties.AuthType, Properties.InvokeMode];
    });
    expect(urls.sort()).toEqual([
      [functionId('mcpGateway'), 'NONE', 'RESPONSE_STREAM'],
      [functionId('mcpGatewaySigned'), 'AWS_IAM', 'RESPONSE_STREAM'],
    ]);
    for (const name of ['mcpGateway', 'mcpGatewaySigned']) {
      expect(lambda(name)?.Properties.Timeout).toBe(900);
      const seconds = Number(lambda(name)?.Properties.Environment.Variables.CALL_TIMEOUT_SECONDS);
      expect(seconds).toBeLessThan(900);
    }
  });

  it('invites accounts that are named, and none by default', async () => {
    expect(packaged.resources.ApiGatewayRestApi?.Properties.Policy).toBe('');
    const policyFor = (accounts: string) =>
      resourcePolicy({ resolveVariable: async name => (name === 'sls:stage' ? 'prod' : accounts) });
    expect(await policyFor('')).toEqual([]);
    expect(await policyFor('111122223333, 444455556666')).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: ['111122223333', '444455556666'] },
        Action: ['execute-api:Invoke'],
        Resource: 'execute-api:/*',
      },
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['execute-api:Invoke'],
        Resource: [
          'execute-api:/prod/GET/v1/register/mcpserver/consent',
          'execute-api:/prod/POST/v1/register/mcpserver/consent',
          'execute-api:/prod/GET/v1/register/mcpserver/callback',
          'execute-api:/prod/GET/v1/register/mcpserver/client-metadata.json',
        ],
      },
    ]);
    await expect(policyFor('*')).rejects.toThrow('no account id');
  });

  it('gives each function its own bundle, Node 24 on arm64, and time to answer', async () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...new Set([...operationList.map(functionName), ...browserRoutes.map(({ name }) => name)])]
        .concat(AGENTS, SCHEDULED)
        .map(functionId)
        .sort(),
    );
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      const name = Properties.FunctionName.replace(`switchboard-${stage}-`, '');
      expect(Properties.Handler).toBe(`dist/functions/${name}/index.handler`);
      expect(await packaged.filesOf(name)).toEqual(
        ['chunk-A1.mjs', 'index.mjs'].map(file => `dist/functions/${name}/${file}`),
      );
    }
    for (const name of ['registerService', 'validateRegistration', 'validateService', 'associateService']) {
      expect(lambda(name)?.Properties.Timeout, name).toBe(29);
    }
  });

  it('sets the variables that lib/config.ts and lib/deps read', () => {
    const variables = lambda('registerService')?.Properties.Environment.Variables;
    expect(Object.keys(variables).sort()).toEqual([
      'ALLOWED_PRIVATE_CIDRS',
      'AUDIT_READS',
      'AUDIT_RETENTION_DAYS',
      'CALL_TIMEOUT_SECONDS',
      'CATALOGUE_REFRESH_SECONDS',
      'CLIENT_METADATA_URL',
      'CONSOLE_ORIGINS',
      'EVENT_SOURCE',
      'EXTERNAL_ID_SECRET',
      'HEALTH_CHECK_MINUTES',
      'KMS_KEY_ARN',
      'METRIC_PAIRS',
      'PAGE_TOKEN_KEY',
      'POWERTOOLS_SERVICE_NAME',
      'PUBLIC_BASE_URL',
      'QUOTA_ACCESS_TOKENS_PER_SPACE',
      'QUOTA_REQUESTS_PER_MINUTE_PER_SPACE',
      'QUOTA_REQUESTS_PER_MINUTE_PER_TOKEN',
      'QUOTA_SERVICES',
      'QUOTA_SPACES',
      'QUOTA_TOOLS_PER_SPACE',
      'QUOTA_VALIDATIONS_PER_MINUTE',
      'REQUIRE_INITIATOR_CONFIRMATION',
      'SWITCHBOARD_ACCOUNT_ID',
      'TABLE_NAME',
      'TOKENS_VALID_FROM',
    ]);
    expect(JSON.stringify(variables.PAGE_TOKEN_KEY)).toContain('{{resolve:secretsmanager:');
  });

  it('keeps the table of lib/store/table.ts, protected', () => {
    const table = packaged.resources.Table;
    expect(table?.DeletionPolicy).toBe('Retain');
    const { TableName, ...properties } = table?.Properties ?? {};
    expect(properties).toEqual({
      ...JSON.parse(JSON.stringify(TABLE)),
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    });
    expect(TableName).toBe(`switchboard-${stage}`);
  });

  it('rotates the key, and keeps it when the stack goes, as what ExternalIds are made with', () => {
    expect(packaged.resources.ExternalIdSecret?.DeletionPolicy).toBe('Retain');
    const key = packaged.resources.CredentialKey;
    expect(key?.DeletionPolicy).toBe('Retain');
    expect(key?.Properties.EnableKeyRotation).toBe(true);
  });

  it('keeps logs for a time that was chosen', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    // And those of audit events and of requests to the API.
    expect(groups).toHaveLength(ofType('AWS::Lambda::Function').length + 2);
    for (const [name, { Properties }] of groups)
      expect(Properties.RetentionInDays, name).toBe(stage === 'prod' ? 365 : 30);
  });

  it('answers refusals of API Gateway in the error shape', () => {
    const responses = ofType('AWS::ApiGateway::GatewayResponse');
    for (const [, { Properties }] of responses) {
      const code = Properties.ResponseParameters['gatewayresponse.header.x-amzn-errortype'].slice(1, -1);
      const body = Properties.ResponseTemplates['application/json'];
      expect(JSON.parse(body.replace('$context.error.messageString', '"m"'))).toEqual({
        __type: code,
        message: 'm',
      });
    }
    const types = responses.map(([, { Properties }]) => Properties.ResponseType);
    expect(types).toEqual(expect.arrayContaining(['ACCESS_DENIED', 'DEFAULT_4XX', 'DEFAULT_5XX']));
    // Otherwise a deployment could be made before they exist.
    const deployment = ofType('AWS::ApiGateway::Deployment')[0]?.[1];
    expect(deployment?.DependsOn).toContain('ApiGatewayMethodPost');
    const awaited = packaged.resources.ApiGatewayMethodPost?.DependsOn;
    expect(awaited).toEqual(expect.arrayContaining(responses.map(([name]) => name)));
  });

  it('bounds requests, and traces them', () => {
    const deployments = ofType('AWS::ApiGateway::Deployment');
    expect(deployments).toHaveLength(1);
    const [rate, burst] = stage === 'prod' ? [500, 1000] : [50, 100];
    expect(deployments[0]?.[1].Properties).toMatchObject({
      StageName: stage,
      StageDescription: {
        TracingEnabled: true,
        MethodSettings: [
          { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
        ],
      },
    });
    for (const [name, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties.TracingConfig, name).toEqual({ Mode: 'Active' });
    }
  });

  it('reserves no concurrency, and makes no domain, unless asked to', () => {
    for (const [name, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties.ReservedConcurrentExecutions, name).toBeUndefined();
    }
    expect(ofType('AWS::ApiGateway::DomainName')).toEqual([]);
    expect(ofType('AWS::Route53::RecordSet')).toEqual([]);
  });

  it('runs background work on a schedule', () => {
    const rules = ofType('AWS::Events::Rule').map(([, { Properties }]) => [
      JSON.stringify(Properties.Targets).match(/"(\w+LambdaFunction)"/)?.[1],
      Properties.ScheduleExpression,
      Properties.State,
    ]);
    expect(rules.sort()).toEqual([
      [functionId('archiveAuditEvents'), 'cron(16 * * * ? *)', 'ENABLED'],
      [functionId('checkServiceHealth'), 'rate(1 minute)', 'ENABLED'],
      [functionId('removeAbandonedClients'), 'rate(10 minutes)', 'ENABLED'],
      [functionId('sweepDeletedSpaces'), 'rate(1 minute)', 'ENABLED'],
    ]);
    // One run ends before the next begins; the audit functions have times of their own (auditArchive.test.ts).
    for (const name of SCHEDULED.filter(one => !one.endsWith('AuditEvents'))) {
      expect(lambda(name)?.Properties.Timeout, name).toBeLessThan(60);
    }
  });

  it('stays within the limits of AWS', async () => {
    // CloudFormation: 500 resources and 200 outputs a stack, 1 MB a template, 255 characters a logical id.
    expect(Object.keys(packaged.resources).length).toBeLessThanOrEqual(500);
    expect(packaged.templateBytes).toBeLessThan(1_000_000);
    for (const id of Object.keys(packaged.resources)) expect(id, id).toMatch(/^[A-Za-z0-9]{1,255}$/);
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      const name = Properties.FunctionName;
      // Lambda: 64 characters a name, 256 a description, 4 KB of environment, values after they are resolved.
      expect(name, name).toMatch(/^[\w-]{1,64}$/);
      expect(Properties.Description.length, name).toBeLessThanOrEqual(256);
      const variables = Object.entries(Properties.Environment.Variables).map(
        ([key, value]) => key.length + (typeof value === 'string' ? value.length : MAX_RESOLVED),
      );
      expect(
        variables.reduce((sum, bytes) => sum + bytes, 0),
        name,
      ).toBeLessThan(4_096);
    }
    for (const [id, { Properties }] of ofType('AWS::Events::Rule')) {
      expect((Properties.Name ?? '').length, id).toBeLessThanOrEqual(64);
    }
    for (const [id, { Properties }] of ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties.AlarmName.length, id).toBeLessThanOrEqual(255);
      expect(Properties.AlarmDescription.length, id).toBeLessThanOrEqual(1_024);
    }
  });
});

describe('parameters of serverless package', () => {
  const propertiesOf = (packaged: Packaged, type: string) =>
    Object.values(packaged.resources)
      .filter(resource => resource.Type === type)
      .map(({ Properties }) => Properties);

  it('give the API a name of its own, keep concurrency, invite accounts, and tell alarms', async () => {
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/1234-abcd';
    const alarmTopicArn = 'arn:aws:sns:us-east-1:111122223333:alarms';
    const packaged = await packageProject(
      '--param=domainName=switchboard.example.com',
      `--param=certificateArn=${certificateArn}`,
      '--param=hostedZoneId=Z0123456789',
      '--param=reservedConcurrency=25',
      `--param=alarmTopicArn=${alarmTopicArn}`,
      '--param=trustedAccounts=111122223333,444455556666',
    );
    try {
      expect(propertiesOf(packaged, 'AWS::ApiGateway::DomainName')).toMatchObject([
        {
          DomainName: 'switchboard.example.com',
          RegionalCertificateArn: certificateArn,
          SecurityPolicy: 'TLS_1_2',
        },
      ]);
      expect(propertiesOf(packaged, 'AWS::Route53::RecordSet').map(({ Type }) => Type)).toEqual([
        'A',
        'AAAA',
      ]);
      const [deployment] = Object.keys(packaged.resources).filter(id =>
        id.startsWith('ApiGatewayDeployment'),
      );
      expect(packaged.resources.ApiDomainMapping).toMatchObject({
        DependsOn: [deployment],
        Properties: { Stage: 'dev' },
      });
      const functions = propertiesOf(packaged, 'AWS::Lambda::Function');
      for (const { FunctionName, ReservedConcurrentExecutions, Environment } of functions) {
        const isAgents = FunctionName.startsWith('switchboard-dev-mcpGateway');
        expect(ReservedConcurrentExecutions, FunctionName).toBe(isAgents ? 25 : undefined);
        expect(Environment.Variables.PUBLIC_BASE_URL).toBe('https://switchboard.example.com');
      }
      expect(packaged.resources.ApiGatewayRestApi?.Properties.Policy.Statement).toMatchObject([
        { Principal: { AWS: ['111122223333', '444455556666'] }, Resource: 'execute-api:/*' },
        { Principal: '*', Resource: expect.arrayContaining([expect.stringMatching(/callback$/)]) },
      ]);
      const invited = propertiesOf(packaged, 'AWS::Lambda::Permission')
        .filter(({ Principal }) => /^\d+$/.test(Principal))
        .map(({ FunctionName: { 'Fn::GetAtt': target }, ...rest }) => ({ target: target[0], ...rest }));
      expect(invited).toEqual(
        ['111122223333', '444455556666'].flatMap(Principal =>
          [
            { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'AWS_IAM' },
            { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
          ].map(asked => ({ target: 'McpGatewaySignedLambdaFunction', Principal, ...asked })),
        ),
      );
      for (const { AlarmActions, AlarmName } of propertiesOf(packaged, 'AWS::CloudWatch::Alarm')) {
        expect(AlarmActions, AlarmName).toEqual([alarmTopicArn]);
      }
    } finally {
      packaged.remove();
    }
  });

  it.each([
    ['throttlingRate=lots', 'throttlingRate must be a whole number'],
    ['tokensValidFrom=yesterday', 'TOKENS_VALID_FROM must be a time in UTC'],
    ['reservedConcurrency=0', 'reservedConcurrency must be a whole number'],
    ['domainName=https://x.example', 'domainName must be a host name'],
    ['domainName=x.example.com', 'domainName needs certificateArn'],
    ['alarmTopicArn=me@example.com', 'alarmTopicArn must be the ARN of an SNS topic'],
    ['publicBaseUrl=http://x.example', 'publicBaseUrl must be an https:// URL'],
    ['trustedAccounts=me', 'no account id'],
  ])('are refused by name: %s', async (param, message) => {
    const failure = await packageProject(`--param=${param}`).catch(error => `${error.stdout}${error.stderr}`);
    expect(failure).toContain(message);
  });
});

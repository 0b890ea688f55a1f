import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFunction, buildFunctions, functionSources } from '../../bench/support/privateBuild.ts';
import type { Statement } from '../../infra/cloudformation.ts';
import { CONTEXT_KEYS } from '../../infra/credentialKey.ts';
import { permissions } from '../../infra/permissions.ts';
import { operationList } from '../../lib/api/operations.ts';
import { like } from '../support/iam/evaluate.ts';
import { type Packaged, packageProject, type TemplateResource } from './package.ts';

let packaged: Packaged;
beforeAll(async () => {
  packaged = await packageProject('--stage', 'prod');
}, 60_000);
afterAll(() => packaged?.remove());

const ofType = (type: string) =>
  Object.entries(packaged.resources).filter(([, resource]) => resource.Type === type);

/** But for what API Gateway writes logs with (accessLog.test.ts). */
const functionRoles = () => ofType('AWS::IAM::Role').filter(([id]) => id !== 'ApiGatewayLogsRole');
const rolePolicies = () =>
  functionRoles().flatMap(([id, { Properties }]) =>
    Properties.Policies.flatMap(({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) =>
      PolicyDocument.Statement.map(statement => [id, statement] as const),
    ),
  );
const peoplePolicies = () =>
  ofType('AWS::IAM::ManagedPolicy').flatMap(([id, { Properties }]) =>
    (Properties.PolicyDocument.Statement as Statement[]).map(statement => [id, statement] as const),
  );
const about = (service: string, [, { Action }]: readonly [string, Statement]) =>
  Action.some(action => action.startsWith(`${service}:`));
const text = (value: unknown) => JSON.stringify(value);

describe('the packaged template', () => {
  it('gives each function a role of its own, which Lambda alone may take', () => {
    const roles = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => {
      const name = Properties.FunctionName.replace('switchboard-prod-', '');
      expect([id, Properties.Role]).toEqual([
        id,
        { 'Fn::GetAtt': [`${name.charAt(0).toUpperCase()}${name.slice(1)}Role`, 'Arn'] },
      ]);
      return Properties.Role['Fn::GetAtt'][0];
    });
    expect(roles.sort()).toEqual(
      functionRoles()
        .map(([id]) => id)
        .sort(),
    );
    for (const [id, { Properties }] of functionRoles()) {
      const [trust, ...others] = Properties.AssumeRolePolicyDocument.Statement;
      expect([id, trust.Principal, others]).toEqual([id, { Service: 'lambda.amazonaws.com' }, []]);
      expect(Properties.ManagedPolicyArns, id).toBeUndefined();
    }
  });

  it('allows no action with a *, whoever asks', () => {
    const policies = Object.entries(packaged.resources).flatMap(([id, { Properties }]) =>
      allowed(Properties).map(({ Action }) => [id, [Action].flat()] as const),
    );
    expect(policies.length).toBeGreaterThan(50);
    for (const [id, actions] of policies)
      expect([id, actions.filter(one => one.includes('*'))]).toEqual([id, []]);
  });

  it('names a resource for all that has one', () => {
    const everywhere = [...rolePolicies(), ...peoplePolicies()].filter(
      ([, { Resource }]) => text(Resource) === '"*"',
    );
    // None of these knows resources (Service Authorization Reference).
    expect([...new Set(everywhere.flatMap(([, { Action }]) => Action))].sort()).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'logs:GetQueryResults',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('lets functions reach items of kinds of partitions alone', () => {
    const table = rolePolicies().filter(
      policy => about('dynamodb', policy) && !text(policy[1].Resource).includes('StreamArn'),
    );
    expect(table.length).toBeGreaterThan(40);
    for (const [id, { Condition = {} }] of table) {
      expect(Condition.Null, id).toEqual({ 'dynamodb:LeadingKeys': 'false' });
      const patterns = Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
      for (const pattern of [patterns].flat()) {
        expect(pattern, id).toMatch(/^A#(\?{12}|SYSTEM)#[A-Z?]+/);
      }
    }
  });

  it("lets functions use keys with the whole context, and callers' keys where they are tagged", () => {
    const uses = rolePolicies().filter(
      policy => about('kms', policy) && !text(policy[1]).includes('AuditSigningKey'),
    );
    expect(uses.length).toBeGreaterThan(20);
    for (const [id, { Resource, Condition = {} }] of uses) {
      expect(Condition['ForAllValues:StringEquals'], id).toEqual({
        'kms:EncryptionContextKeys': CONTEXT_KEYS,
      });
      expect(Condition.Null, id).toEqual(
        Object.fromEntries(CONTEXT_KEYS.map(key => [`kms:EncryptionContext:${key}`, 'false'])),
      );
      const isOwn = text(Resource) === text({ 'Fn::GetAtt': ['CredentialKey', 'Arn'] });
      const tag = isOwn ? undefined : { 'aws:ResourceTag/switchboard': 'allowed' };
      expect([id, Condition.StringEquals]).toEqual([id, tag]);
      // A caller's key is of the account and region of the deployment.
      if (!isOwn) expect(text(Resource)).toMatch(/"AWS::Region".*"AWS::AccountId".*"key\/\*"/);
    }
  });

  it('lets functions assume roles that trust this deployment alone', () => {
    const assumed = rolePolicies().filter(policy => about('sts', policy));
    expect(assumed.length).toBeGreaterThan(5);
    for (const [id, { Condition }] of assumed) {
      expect([id, Condition]).toEqual([id, { StringLike: { 'sts:ExternalId': 'switchboard-*' } }]);
    }
  });

  it('has policies for people that reach no table, key or secret, and what signed agents need', () => {
    const services = new Set(
      peoplePolicies().flatMap(([, { Action }]) => Action.map(one => one.split(':')[0])),
    );
    expect([...services].sort()).toEqual(['cloudwatch', 'execute-api', 'lambda', 'logs']);
    const calls = peoplePolicies().filter(policy => about('lambda', policy));
    const signed = { 'Fn::GetAtt': ['McpGatewaySignedLambdaFunction', 'Arn'] };
    // A function URL asks for both (Lambda Developer Guide, "urls-auth").
    expect(calls.map(([id, { Action, Resource, Condition }]) => [id, Action, Resource, Condition])).toEqual(
      ['SwitchboardAdmin', 'SwitchboardOperator'].flatMap(id => [
        [
          id,
          ['lambda:InvokeFunctionUrl'],
          signed,
          { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
        ],
        [id, ['lambda:InvokeFunction'], signed, { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
      ]),
    );
  });

  it('lets auditors call every operation that changes nothing, and no other whatever its labels are', () => {
    const [invoke] = peoplePolicies().filter(([id]) => id === 'SwitchboardAuditor');
    const patterns = [invoke?.[1].Resource].flat().map(resource => {
      const parts = (resource as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
      return like(String(parts.at(-1)));
    });
    const mayCall = (request: string) => patterns.some(pattern => pattern.test(`/prod/${request}`));
    for (const { name, access, method, path } of operationList) {
      const labels = ['x', 'list', 'tools', 'validate', '%2F', '*'];
      const requests = labels.map(label => method + path.replaceAll(/\{\w+\}/g, label));
      expect([name, new Set(requests.map(mayCall))]).toEqual([name, new Set([access === 'read'])]);
    }
  });

  it('lets services of AWS run functions for this API and for the rules of this stack alone', () => {
    const services = ofType('AWS::Lambda::Permission')
      .map(([id, { Properties }]) => [id, Properties] as const)
      .filter(([, { Principal }]) => Principal !== '*');
    expect(services.length).toBeGreaterThan(30);
    for (const [id, { Principal, SourceArn, Action }] of services) {
      expect(Action, id).toBe('lambda:InvokeFunction');
      const source = text(Principal).includes('apigateway') ? 'ApiGatewayRestApi' : 'EventsRule';
      expect(text(SourceArn), id).toContain(source);
    }
  });

  it('opens the function URL of access tokens to everyone, and through the URL alone', () => {
    const open = ofType('AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => Principal === '*')
      .map(({ FunctionName, ...rest }) => [text(FunctionName).includes('"McpGatewayLambdaFunction"'), rest]);
    expect(open).toEqual([
      [true, { Principal: '*', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }],
      [true, { Principal: '*', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }],
    ]);
  });
});

/** Statements that allow something, wherever in a resource's properties. */
function allowed(properties: TemplateResource['Properties']): { Action: string | string[] }[] {
  if (typeof properties !== 'object' || properties === null) return [];
  const below = Object.values(properties).flatMap(allowed);
  return properties.Effect === 'Allow' ? [properties, ...below] : below;
}

/** What commands of the AWS SDK ask IAM for, where it is not the action of their name. */
const ACTIONS: Record<string, string[]> = {
  TransactGetItems: ['dynamodb:GetItem'],
  ListObjectsV2: ['s3:ListBucket'],
  PutEvents: ['events:PutEvents'],
  PutLogEvents: ['logs:PutLogEvents'],
  CreateLogStream: ['logs:CreateLogStream'],
  SendMessage: ['sqs:SendMessage'],
  ...Object.fromEntries(['GetObject', 'PutObject'].map(name => [name, [`s3:${name}`]])),
  ...Object.fromEntries(
    ['Sign', 'GetPublicKey', 'Decrypt', 'GenerateDataKey'].map(name => [name, [`kms:${name}`]]),
  ),
};

/** Command classes that a bundle holds; those that nothing uses are not in it. */
const COMMAND = /class(?: [\w$]+)? extends [\w$]+\([\w$]+,[\w$]+,"([A-Z]\w+)",[\w$]+\)/g;
/** Parts of transactions, as lib/store makes them. */
const PART = /\b(Put|Update|Delete|ConditionCheck):\{TableName:/g;
/** For Lambda itself, which reads the stream for the function. */
const STREAM = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  one => `dynamodb:${one}`,
);

describe('a role', () => {
  let built: Awaited<ReturnType<typeof buildFunctions>>;
  beforeAll(async () => {
    built = await buildFunctions(functionSources());
  }, 300_000);
  afterAll(() => built?.dispose());

  /** What the code of a bundle could ask IAM for. */
  function couldAsk({ file, sources }: BuiltFunction): Set<string> {
    const folder = dirname(file);
    const code = readdirSync(folder)
      .filter(name => name.endsWith('.mjs'))
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const found = (pattern: RegExp) => [...code.matchAll(pattern)].map(([, name = '']) => name);
    return new Set([
      ...found(COMMAND).flatMap(name => ACTIONS[name] ?? [`dynamodb:${name}`]),
      ...found(PART).map(
        part => `dynamodb:${part === 'ConditionCheck' ? 'ConditionCheckItem' : `${part}Item`}`,
      ),
      // The SDK's own chain of credentials can do so in every bundle.
      ...(sources.includes('lib/sigv4/assumeRole.ts') ? ['sts:AssumeRole'] : []),
      ...(sources.includes('lib/auditExport/streamEvents.ts') ? STREAM : []),
    ]);
  }

  it('allows nothing that the code of its function could not ask for', () => {
    expect(built.functions.map(({ name }) => name).sort()).toEqual(Object.keys(permissions).sort());
    for (const one of built.functions) {
      const possible = couldAsk(one);
      const granted = new Set((permissions[one.name] ?? []).flatMap(({ Action }) => Action));
      expect([one.name, [...granted].filter(action => !possible.has(action))]).toEqual([one.name, []]);
    }
  });
});

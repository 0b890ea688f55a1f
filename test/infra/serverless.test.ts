import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTEXT_KEYS } from '../../infra/credentialKey.ts';
import { functionName } from '../../infra/functions.ts';
import { resourcePolicy } from '../../infra/provider.ts';
import { operationList } from '../../lib/api/operations.ts';
import { createKeyFileVault } from '../../lib/credentials/keyFileVault.ts';
import { browserRoutes } from '../../lib/oauth/browserRoutes.ts';
import { TABLE, TTL_ATTRIBUTE } from '../../lib/store/table.ts';
import { type Packaged, packageProject, type TemplateResource } from './package.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Functions that run by themselves. */
const SCHEDULED = ['archiveAuditEvents', 'exportAuditEvents', 'removeAbandonedClients', 'sweepDeletedSpaces'];
const AGENTS = ['mcpGateway', 'mcpGatewaySigned'];

describe('serverless package', () => {
  let packaged: Packaged;
  const ofType = (type: string) =>
    Object.entries(packaged.resources).filter(([, resource]) => resource.Type === type);
  const functionId = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
  const lambda = (name: string) => packaged.resources[functionId(name)];
  const statementsOf = (role: TemplateResource | undefined): Statement[] =>
    role?.Properties.Policies.flatMap(
      (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
    );
  const roleOf = (name: string) => packaged.resources[lambda(name)?.Properties.Role['Fn::GetAtt'][0]];

  beforeAll(async () => {
    packaged = await packageProject();
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

  it('gives each function its one bundle, Node 24 on arm64, and time to answer', async () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions.map(([name]) => name).sort()).toEqual(
      [...new Set([...operationList.map(functionName), ...browserRoutes.map(({ name }) => name)])]
        .concat(AGENTS, SCHEDULED)
        .map(functionId)
        .sort(),
    );
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      const name = Properties.FunctionName.replace('switchboard-dev-', '');
      expect(Properties.Handler).toBe(`dist/functions/${name}/index.handler`);
      expect(await packaged.filesOf(name)).toEqual([`dist/functions/${name}/index.mjs`]);
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
      'KMS_KEY_ARN',
      'PAGE_TOKEN_KEY',
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
    ]);
    expect(JSON.stringify(variables.PAGE_TOKEN_KEY)).toContain('{{resolve:secretsmanager:');
  });

  it('keeps the table of lib/store/table.ts, protected', () => {
    const table = packaged.resources.Table;
    expect(table?.DeletionPolicy).toBe('Retain');
    const { TableName, ...properties } = table?.Properties ?? {};
    expect(properties).toEqual({
      ...JSON.parse(JSON.stringify(TABLE)),
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      DeletionProtectionEnabled: true,
    });
    expect(TableName).toBe('switchboard-dev');
  });

  it('rotates the key, and keeps it when the stack goes', () => {
    const key = packaged.resources.CredentialKey;
    expect(key?.DeletionPolicy).toBe('Retain');
    expect(key?.Properties.EnableKeyRotation).toBe(true);
  });

  it('keeps logs for a time that was chosen', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    // And one of audit events.
    expect(groups).toHaveLength(ofType('AWS::Lambda::Function').length + 1);
    for (const [name, { Properties }] of groups) expect(Properties.RetentionInDays, name).toBe(30);
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

  describe('roles', () => {
    const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];

    it('name every action, on resources of this stack', () => {
      for (const [name, role] of ofType('AWS::IAM::Role')) {
        for (const { Effect, Action, Resource } of statementsOf(role)) {
          expect(Effect).toBe('Allow');
          for (const action of [Action].flat()) expect(action, name).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
          expect([Resource].flat(), name).not.toContain('*');
        }
      }
      const keyPolicy = packaged.resources.CredentialKey?.Properties.KeyPolicy.Statement;
      for (const action of keyPolicy.flatMap((statement: Statement) => statement.Action)) {
        expect(action).not.toContain('*');
      }
    });

    it('let reading functions write events only', () => {
      for (const row of operationList.filter(({ access }) => access === 'read')) {
        const statements = statementsOf(roleOf(functionName(row)));
        const writes = statements.filter(({ Action }) =>
          [Action].flat().some(action => action.startsWith('dynamodb:') && !READS.includes(action)),
        );
        expect(writes, row.name).toHaveLength(1);
        expect(writes[0]?.Action, row.name).toEqual(['dynamodb:PutItem']);
        expect(writes[0]?.Condition?.['ForAllValues:StringLike']).toEqual({
          'dynamodb:LeadingKeys': ['A#*#AUD#*', 'A#*#AUR#*', 'A#SYSTEM#HOURS'],
        });
      }
    });

    /** Functions that may do something with keys, under a context of `service` and `purpose`. */
    const mayUseKeys = (action: string, service: string, purpose: string) => {
      const names = [...operationList.map(functionName), ...browserRoutes.map(({ name }) => name)];
      const allows = ({ Action, Condition }: Statement) =>
        [Action].flat().includes(action) && fits(Condition?.StringLike ?? {}, { service, purpose });
      return [...new Set([...names, ...AGENTS, ...SCHEDULED])]
        .filter(name => statementsOf(roleOf(name)).some(allows))
        .sort();
    };
    const fits = (patterns: Record<string, unknown>, context: Record<string, string>) =>
      Object.entries(patterns).every(([key, pattern]) => {
        const value = context[key.replace('kms:EncryptionContext:switchboard:', '')] ?? '';
        const [start = '', rest] = String(pattern).split('*');
        return rest === undefined ? value === start : value.startsWith(start);
      });
    const USERS = [
      'associateService',
      'mcpGateway',
      'mcpGatewaySigned',
      'updateAssociation',
      'validateService',
    ];
    const TAKERS = ['completeRegistration', 'oauthCallback', 'registerService', 'updateService'];

    it('let those decrypt that use a credential or go on with a consent', () => {
      const readers = ['completeRegistration', 'oauthCallback', 'oauthConsent', ...USERS].sort();
      expect(mayUseKeys('kms:Decrypt', 'mcpserver-1', 'credential')).toEqual(readers);
      expect(mayUseKeys('kms:Decrypt', 'mcpserver-1', 'token')).toEqual(readers);
      expect(mayUseKeys('kms:Decrypt', 'oauth-client-1', 'credential')).toEqual(
        [...readers, 'registerService', 'removeAbandonedClients', 'updateService'].sort(),
      );
    });

    it('let those encrypt that take a credential, and those that use one its tokens only', () => {
      expect(mayUseKeys('kms:GenerateDataKey', 'mcpserver-1', 'credential')).toEqual(TAKERS);
      expect(mayUseKeys('kms:GenerateDataKey', 'mcpserver-1', 'token')).toEqual([...TAKERS, ...USERS].sort());
    });

    it('let the consent page read and bind pending consents, and nothing else', () => {
      const [logs, ...statements] = statementsOf(roleOf('oauthConsent'));
      expect(logs?.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect([...new Set(statements.flatMap(({ Action }) => Action))]).toEqual([
        'dynamodb:GetItem',
        'dynamodb:UpdateItem',
        'kms:Decrypt',
      ]);
      expect(statements[0]?.Condition?.['ForAllValues:StringLike']).toEqual({
        'dynamodb:LeadingKeys': ['A#*#X#*'],
      });
      expect(statementsOf(roleOf('clientMetadata'))).toHaveLength(1);
    });

    it('let the removal of OAuth clients reach these, and nothing else', () => {
      const [, onTable, onKey, ...others] = statementsOf(roleOf('removeAbandonedClients'));
      expect(onTable?.Condition?.['ForAllValues:StringLike']).toEqual({
        'dynamodb:LeadingKeys': ['A#SYSTEM#CLIENTS', 'A#*#OAC#*'],
      });
      expect(onKey).toMatchObject({
        Action: ['kms:Decrypt'],
        Condition: { StringLike: { 'kms:EncryptionContext:switchboard:service': 'oauth-client-*' } },
      });
      expect(others).toEqual([]);
    });

    it('know the context that the vault binds credentials to', async () => {
      const vault = createKeyFileVault({ keys: [{ id: 'k1', material: Buffer.alloc(32, 7) }] });
      const context = { accountId: 'a', serviceId: 's', purpose: 'credential' } as const;
      const stored = Buffer.from(await vault.encrypt('secret', context)).toString('latin1');
      const found = stored.match(/switchboard:[a-z]+/g) ?? [];
      expect(found.sort()).toEqual([...CONTEXT_KEYS].sort());
    });

    it('bind the use of keys to the context, and of foreign keys to the tag', () => {
      const statements = ofType('AWS::IAM::Role')
        .flatMap(([, role]) => statementsOf(role))
        // Keys that encrypt; the one that signs has no context.
        .filter(({ Action }) => [Action].flat().some(action => /^kms:(?!Sign|GetPublicKey)/.test(action)));
      expect(statements).toHaveLength(18);
      for (const { Resource, Condition } of statements) {
        expect(Condition?.['ForAllValues:StringEquals']?.['kms:EncryptionContextKeys']).toEqual(CONTEXT_KEYS);
        expect(Object.keys(Condition?.Null ?? {})).toEqual(
          CONTEXT_KEYS.map(key => `kms:EncryptionContext:${key}`),
        );
        const own = JSON.stringify(Resource).includes('CredentialKey');
        expect(Condition?.StringEquals).toEqual(
          own ? undefined : { 'aws:ResourceTag/switchboard': 'allowed' },
        );
      }
    });
  });
});

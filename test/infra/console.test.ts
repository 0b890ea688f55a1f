import { createContext, runInContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleConfig } from '../../console/api/config.ts';
import { CONSOLE_ROUTES } from '../../infra/consoleRoutes.ts';
import { contentPolicy } from '../../lib/console/headers.ts';
import { type Facts, resolved } from '../support/aws/resolved.ts';
import { DEPLOYED } from '../support/console/deployment.ts';
import { type Packaged, packageProject } from './package.ts';

const OF_THE_CONSOLE = /^AWS::(CloudFront|Cognito|S3::Bucket$|WAF)/;

describe.each(['dev', 'prod'])('the console of %s', stage => {
  let packaged: Packaged;
  beforeAll(async () => {
    packaged = await packageProject('--stage', stage, '--param=consoleEnabled=true');
  });
  afterAll(() => packaged?.remove());

  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own, different for each type
  const propertiesOf = (id: string, facts: Facts = DEPLOYED): any =>
    resolved(packaged.resources[id]?.Properties, facts);
  const distribution = () => propertiesOf('ConsoleDistribution').DistributionConfig;

  it('keeps its files in a bucket that only its distribution reads, over TLS', () => {
    expect(propertiesOf('ConsoleBucket')).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(propertiesOf('ConsoleBucket').WebsiteConfiguration).toBeUndefined();
    const { Statement } = propertiesOf('ConsoleBucketPolicy').PolicyDocument;
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toEqual([
      {
        Sid: 'ReadByCloudFront',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: ['s3:GetObject'],
        Resource: 'arn:aws:s3:::the-console-bucket/console/*',
        Condition: {
          StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/E1DISTRIBUTION' },
        },
      },
    ]);
    const denied = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Deny');
    expect(denied).toMatchObject([
      { Principal: { AWS: '*' }, Action: ['s3:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Principal: { AWS: '*' },
        Action: ['s3:*'],
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      },
    ]);
    expect(propertiesOf('ConsoleAccessControl').OriginAccessControlConfig).toMatchObject({
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    });
  });

  it('serves them and the API under one origin', () => {
    const { Origins, CacheBehaviors, DefaultCacheBehavior, ...settings } = distribution();
    expect(Origins).toEqual([
      {
        Id: 'console',
        DomainName: 'the-console-bucket.s3.us-east-1.amazonaws.com',
        OriginAccessControlId: 'E1ACCESS',
        S3OriginConfig: { OriginAccessIdentity: '' },
      },
      {
        Id: 'api',
        DomainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
        OriginPath: `/${stage}`,
        CustomOriginConfig: {
          OriginProtocolPolicy: 'https-only',
          OriginSSLProtocols: ['TLSv1.2'],
          OriginReadTimeout: 30,
        },
      },
    ]);
    expect(CacheBehaviors).toMatchObject([
      {
        PathPattern: '/console*',
        TargetOriginId: 'console',
        ViewerProtocolPolicy: 'redirect-to-https',
        AllowedMethods: ['GET', 'HEAD'],
        ResponseHeadersPolicyId: 'the-headers-policy',
      },
    ]);
    // CachingDisabled and AllViewerExceptHostHeader of CloudFront.
    expect(DefaultCacheBehavior).toMatchObject({
      TargetOriginId: 'api',
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    });
    expect(DefaultCacheBehavior.AllowedMethods.sort()).toEqual(
      ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'].sort(),
    );
    // An error page of the distribution would stand in for errors of the API.
    expect(settings).toEqual({
      Enabled: true,
      Comment: `switchboard-${stage}: console`,
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      PriceClass: 'PriceClass_100',
      ViewerCertificate: { CloudFrontDefaultCertificate: true },
    });
    for (const { FunctionAssociations } of [...CacheBehaviors, DefaultCacheBehavior]) {
      expect(FunctionAssociations).toEqual([
        {
          EventType: 'viewer-request',
          FunctionARN: 'arn:aws:cloudfront::111122223333:function/routes',
        },
      ]);
    }
    expect(propertiesOf('ConsoleRoutes')).toMatchObject({
      Name: `switchboard-${stage}-console-us-east-1`,
      AutoPublish: true,
      FunctionCode: CONSOLE_ROUTES,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    });
  });

  it("sends the embedded server's headers, and keeps browsers to HTTPS", () => {
    const { SecurityHeadersConfig, CustomHeadersConfig } =
      propertiesOf('ConsoleHeaders').ResponseHeadersPolicyConfig;
    expect(SecurityHeadersConfig).toEqual({
      ContentSecurityPolicy: { ContentSecurityPolicy: contentPolicy().join(''), Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
    });
    expect(CustomHeadersConfig).toEqual({
      Items: [{ Header: 'cross-origin-opener-policy', Value: 'same-origin', Override: true }],
    });
  });

  it('tells its address, its bucket and its settings', () => {
    const output = (name: string) => resolved(packaged.outputs[name]?.Value, DEPLOYED);
    expect(output('ConsoleUrl')).toBe('https://d111111abcdef8.cloudfront.net/console/');
    expect(output('ConsoleBucketName')).toBe('the-console-bucket');
    const config: ConsoleConfig = {
      region: 'us-east-1',
      accountId: '111122223333',
      toolsPerSpace: 500,
      publicBaseUrl: 'https://d111111abcdef8.cloudfront.net',
      apiUrl: `https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/${stage}`,
      agentsUrl: 'https://agents.lambda-url.us-east-1.on.aws',
      hasSignInLinks: false,
    };
    expect(JSON.parse(String(output('ConsoleConfig')))).toEqual(config);
    for (const { Type, Properties } of Object.values(packaged.resources)) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { CONSOLE_ORIGINS } = Properties.Environment.Variables;
      expect(resolved(CONSOLE_ORIGINS, DEPLOYED)).toBe('https://d111111abcdef8.cloudfront.net');
    }
  });

  it('adds nothing else, and nothing at all unless it is asked for', async () => {
    const without = await packageProject('--stage', stage);
    try {
      const types = Object.entries(without.resources).filter(
        ([id, { Type }]) => OF_THE_CONSOLE.test(Type) && id !== 'AuditBucket' && !id.startsWith('Serverless'),
      );
      expect(types).toEqual([]);
      expect(Object.keys(without.outputs).filter(name => name.startsWith('Console'))).toEqual([]);
      const { CONSOLE_ORIGINS } =
        without.resources.RegisterServiceLambdaFunction?.Properties.Environment.Variables ?? {};
      expect(CONSOLE_ORIGINS).toBe('');
      const lasting = ({ resources }: Packaged) =>
        Object.keys(resources).filter(id => !id.startsWith('ApiGatewayDeployment'));
      const before = new Set(lasting(without));
      expect(
        lasting(packaged)
          .filter(id => !before.has(id))
          .sort(),
      ).toEqual([
        'ConsoleAccessControl',
        'ConsoleBucket',
        'ConsoleBucketPolicy',
        'ConsoleDistribution',
        'ConsoleHeaders',
        'ConsoleRoutes',
      ]);
    } finally {
      without.remove();
    }
  });
});

describe('parameters of the console', () => {
  it('give it a name of its own, a web ACL and more places, beside other origins of consents', async () => {
    const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/1234-abcd';
    const acl = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/console/a1-b2';
    const packaged = await packageProject(
      '--param=consoleEnabled=true',
      '--param=consoleDomainName=console.example.com',
      `--param=consoleCertificateArn=${certificate}`,
      '--param=consoleHostedZoneId=Z0123456789',
      '--param=consolePriceClass=PriceClass_All',
      `--param=consoleWebAclArn=${acl}`,
      '--param=consoleOrigins=https://other.example.com',
    );
    try {
      const { resources, outputs } = packaged;
      expect(resources.ConsoleDistribution?.Properties.DistributionConfig).toMatchObject({
        Aliases: ['console.example.com'],
        PriceClass: 'PriceClass_All',
        WebACLId: acl,
        ViewerCertificate: {
          AcmCertificateArn: certificate,
          SslSupportMethod: 'sni-only',
          MinimumProtocolVersion: 'TLSv1.2_2021',
        },
      });
      expect(['ConsoleRecord', 'ConsoleRecordV6'].map(id => resources[id]?.Properties.Type)).toEqual([
        'A',
        'AAAA',
      ]);
      expect(resolved(outputs.ConsoleUrl?.Value, DEPLOYED)).toBe('https://console.example.com/console/');
      const { CONSOLE_ORIGINS } =
        resources.RegisterServiceLambdaFunction?.Properties.Environment.Variables ?? {};
      expect(resolved(CONSOLE_ORIGINS, DEPLOYED)).toBe(
        'https://other.example.com,https://console.example.com',
      );
    } finally {
      packaged.remove();
    }
  });

  it.each([
    ['consoleEnabled=yes', 'consoleEnabled must be true or false'],
    ['consoleDomainName=https://x', 'consoleDomainName must be a host name'],
    ['consoleDomainName=x.example.com', 'consoleDomainName needs consoleCertificateArn'],
    ['consolePriceClass=cheap', 'consolePriceClass must be PriceClass_100'],
    [
      'consoleWebAclArn=arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b',
      'consoleWebAclArn must be the ARN of a web ACL',
    ],
  ])('are refused by name: %s', async (param, message) => {
    const failure = await packageProject('--param=consoleEnabled=true', `--param=${param}`).catch(
      error => `${error.stdout}${error.stderr}`,
    );
    expect(failure).toContain(message);
  });
});

describe('signing in to the console', () => {
  const KNOWN: Facts = {
    ...DEPLOYED,
    ConsoleIdentityPool: 'us-east-1:pool',
    ConsoleUserPool: 'us-east-1_people',
    'ConsoleUserPool.ProviderName': 'cognito-idp.us-east-1.amazonaws.com/us-east-1_people',
    ConsoleUserPoolClient: 'the-client',
    ConsoleOidcProvider: 'arn:aws:iam::111122223333:oidc-provider/login.example.com',
    ...Object.fromEntries(
      ['Admin', 'Operator', 'Auditor', 'Nobody'].flatMap(name => [
        [`Switchboard${name}`, `arn:aws:iam::111122223333:policy/${name}`],
        [`Console${name}Role.Arn`, `arn:aws:iam::111122223333:role/${name}`],
      ]),
    ),
  };
  let packaged: Packaged;
  afterEach(() => packaged?.remove());

  async function withParams(...params: string[]): Promise<void> {
    packaged = await packageProject(...['consoleEnabled=true', ...params].map(param => `--param=${param}`));
  }
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own, different for each type
  const propertiesOf = (id: string): any => resolved(packaged.resources[id]?.Properties, KNOWN);
  const oidc = () => JSON.parse(String(resolved(packaged.outputs.ConsoleConfig?.Value, KNOWN))).oidc;
  const policy = () =>
    propertiesOf('ConsoleHeaders').ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy
      .ContentSecurityPolicy;
  const roles = () => Object.keys(packaged.resources).filter(id => /^Console\w+Role$/.test(id));

  /** Nobody but people whom this identity pool knows gets a role, and only the policies for people say what it may. */
  function expectRoles(...names: string[]): void {
    expect(roles().sort()).toEqual(names.map(name => `Console${name}Role`).sort());
    for (const name of names) {
      expect(propertiesOf(`Console${name}Role`)).toEqual({
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Federated: 'cognito-identity.amazonaws.com' },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: {
                StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:pool' },
                'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
              },
            },
          ],
        },
        ManagedPolicyArns: name === 'Nobody' ? [] : [`arn:aws:iam::111122223333:policy/${name}`],
      });
    }
  }

  it('takes a user pool of the stack, whose groups give roles', async () => {
    await withParams('consoleUserPool=true');
    expect(oidc()).toEqual({
      issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_people',
      clientId: 'the-client',
      scope: 'openid email',
      identityPoolId: 'us-east-1:pool',
      identityUrl: 'https://cognito-identity.us-east-1.amazonaws.com/',
    });
    expect(policy()).toBe(
      contentPolicy([
        'https://cognito-idp.us-east-1.amazonaws.com',
        'https://switchboard-dev-111122223333.auth.us-east-1.amazoncognito.com',
        'https://cognito-identity.us-east-1.amazonaws.com',
      ]).join(''),
    );
    expect(packaged.resources.ConsoleUserPool?.DeletionPolicy).toBe('Retain');
    expect(propertiesOf('ConsoleUserPool')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      DeletionProtection: 'ACTIVE',
    });
    expect(propertiesOf('ConsoleUserPoolClient')).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      CallbackURLs: ['https://d111111abcdef8.cloudfront.net/console/signed-in'],
      LogoutURLs: ['https://d111111abcdef8.cloudfront.net/console/'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    expect(propertiesOf('ConsoleIdentityPool')).toEqual({
      IdentityPoolName: 'switchboard-dev',
      AllowUnauthenticatedIdentities: false,
      AllowClassicFlow: false,
      CognitoIdentityProviders: [
        {
          ProviderName: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_people',
          ClientId: 'the-client',
          ServerSideTokenCheck: true,
        },
      ],
    });
    expectRoles('Admin', 'Operator', 'Auditor', 'Nobody');
    const groups = ['Admin', 'Operator', 'Auditor'].map(name => propertiesOf(`Console${name}Group`));
    expect(groups.map(({ GroupName, RoleArn, Precedence }) => [GroupName, RoleArn, Precedence])).toEqual([
      ['admin', 'arn:aws:iam::111122223333:role/Admin', 1],
      ['operator', 'arn:aws:iam::111122223333:role/Operator', 2],
      ['auditor', 'arn:aws:iam::111122223333:role/Auditor', 3],
    ]);
    expect(propertiesOf('ConsoleRoleAttachment').Roles).toEqual({
      authenticated: 'arn:aws:iam::111122223333:role/Nobody',
    });
    expect(propertiesOf('ConsoleRoleAttachment').RoleMappings).toEqual({
      Console: {
        IdentityProvider: 'cognito-idp.us-east-1.amazonaws.com/us-east-1_people:the-client',
        Type: 'Token',
        AmbiguousRoleResolution: 'Deny',
      },
    });
  });

  it('takes any OpenID Connect provider, whose people are auditors unless a parameter says else', async () => {
    await withParams('consoleOidcIssuer=https://login.example.com/tenant', 'consoleOidcClientId=console');
    expect(oidc()).toMatchObject({ issuer: 'https://login.example.com/tenant', clientId: 'console' });
    expect(policy()).toBe(
      contentPolicy(['https://login.example.com', 'https://cognito-identity.us-east-1.amazonaws.com']).join(
        '',
      ),
    );
    expect(propertiesOf('ConsoleOidcProvider')).toEqual({
      Url: 'https://login.example.com/tenant',
      ClientIdList: ['console'],
    });
    expect(propertiesOf('ConsoleIdentityPool')).toMatchObject({
      AllowUnauthenticatedIdentities: false,
      OpenIdConnectProviderARNs: [KNOWN.ConsoleOidcProvider],
    });
    expectRoles('Auditor');
    expect(propertiesOf('ConsoleRoleAttachment')).toEqual({
      IdentityPoolId: 'us-east-1:pool',
      Roles: { authenticated: 'arn:aws:iam::111122223333:role/Auditor' },
    });
    expect(packaged.resources.ConsoleUserPool).toBeUndefined();
  });

  it('gives roles by a claim, and none to those without it', async () => {
    await withParams(
      'consoleOidcIssuer=https://login.example.com',
      'consoleOidcClientId=console',
      'consoleOidcScope=openid email offline_access',
      'consoleOidcOrigins=https://tokens.example.com, https://other.example.com:8443',
      'consoleOidcProviderArn=arn:aws:iam::111122223333:oidc-provider/login.example.com',
      'consoleRoleClaim=switchboard_role',
    );
    expect(oidc().scope).toBe('openid email offline_access');
    expect(policy()).toContain(
      "connect-src 'self' https://login.example.com https://tokens.example.com https://other.example.com:8443 https://cognito-identity.us-east-1.amazonaws.com;",
    );
    expect(packaged.resources.ConsoleOidcProvider).toBeUndefined();
    expectRoles('Admin', 'Operator', 'Auditor', 'Nobody');
    const rule = (value: string, role: string) => ({
      Claim: 'switchboard_role',
      MatchType: 'Equals',
      Value: value,
      RoleARN: `arn:aws:iam::111122223333:role/${role}`,
    });
    expect(propertiesOf('ConsoleRoleAttachment').Roles).toEqual({
      authenticated: 'arn:aws:iam::111122223333:role/Nobody',
    });
    expect(propertiesOf('ConsoleRoleAttachment').RoleMappings).toEqual({
      Console: {
        IdentityProvider: 'arn:aws:iam::111122223333:oidc-provider/login.example.com',
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: {
          Rules: [rule('admin', 'Admin'), rule('operator', 'Operator'), rule('auditor', 'Auditor')],
        },
      },
    });
  });

  it('takes a user pool that is there', async () => {
    await withParams(
      'consoleOidcIssuer=https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
      'consoleOidcClientId=c1',
      'consoleOidcOrigins=https://people.auth.eu-west-1.amazoncognito.com',
      'consoleRole=operator',
    );
    expect(propertiesOf('ConsoleIdentityPool').CognitoIdentityProviders).toEqual([
      {
        ProviderName: 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
        ClientId: 'c1',
        ServerSideTokenCheck: true,
      },
    ]);
    expect(policy()).toContain('https://people.auth.eu-west-1.amazoncognito.com');
    expectRoles('Operator');
  });

  it.each([
    [['consoleUserPool=true', 'consoleOidcIssuer=https://a.example'], 'exclude each other'],
    [['consoleOidcIssuer=https://a.example'], 'consoleOidcIssuer needs consoleOidcClientId'],
    [['consoleOidcIssuer=http://a.example'], 'consoleOidcIssuer must be the https:// URL'],
    [
      ['consoleOidcIssuer=https://a.example', 'consoleOidcClientId=c', 'consoleOidcScope=email'],
      'consoleOidcScope must be scopes with openid among them',
    ],
    [
      ['consoleOidcIssuer=https://a.example', 'consoleOidcClientId=c', 'consoleOidcOrigins=*'],
      'consoleOidcOrigins must be origins',
    ],
    [['consoleUserPool=true', 'consoleRole=root'], 'consoleRole must be admin, operator or auditor'],
  ])('refuses %s', async (params, message) => {
    await expect(withParams(...params)).rejects.toMatchObject({
      stdout: expect.stringContaining(message),
    });
  });
});

describe("CloudFront's function", () => {
  const context = createContext({});
  runInContext(CONSOLE_ROUTES, context);
  /** What becomes of a request: a path of an origin, or where the browser is sent. */
  const route = (uri: string, method = 'GET') => {
    Object.assign(context, { given: { request: { uri, method, headers: {}, querystring: {} } } });
    const result = JSON.parse(runInContext('JSON.stringify(handler(given))', context));
    return result.uri ?? `${result.statusCode} ${result.headers.location.value}`;
  };

  it.each([
    ['/console/', '/console/index.html'],
    ['/console/servers/a/b', '/console/index.html'],
    ['/console/servers/name.with.dots', '/console/index.html'],
    ['/console/signed-in', '/console/index.html'],
    ['/console/config.json', '/console/config.json'],
    ['/console/assets/console-AB.js', '/console/assets/console-AB.js'],
    ['/console', '308 /console/'],
    ['/', '308 /console/'],
    ['/consoles', '/consoles'],
    ['/v1/services/list', '/v1/services/list'],
    ['/v1/console/x', '/v1/console/x'],
  ])('takes %s to %s', (path, expected) => {
    expect(route(path)).toBe(expected);
  });

  it('leaves the trail, which is a POST to /, to the API', () => {
    expect(route('/', 'POST')).toBe('/');
  });
});

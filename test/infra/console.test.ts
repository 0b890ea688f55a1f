import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

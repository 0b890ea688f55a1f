import { contentPolicy, SECURITY_HEADERS } from '../lib/console/headers.ts';
import { attribute, type Intrinsic, join, type Resource, ref, type Value } from './cloudformation.ts';
import type { ConsoleDomain } from './consoleDomain.ts';
import { CONSOLE_ROUTES } from './consoleRoutes.ts';
import { formParam, type Resolver } from './params.ts';
import { apiHost } from './provider.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const STAGE = '${sls:stage}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: osls resolves it
const PREFIX = '${self:service}-${sls:stage}';

/** CloudFront's managed policies, whose ids are the same everywhere. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
/** A second for what says no-cache, else as the files say. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
/** The API gets its own name in Host, for which requests are signed, and the rest as the browser sent it. */
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

const API = 'api';
const FILES = 'console';

/** Names of CloudFront's parts are the account's, in all regions. */
const named = (part: string): Intrinsic => ({ 'Fn::Join': ['-', [PREFIX, part, ref('AWS::Region')]] });

const override = <T extends object>(value: T) => ({ ...value, Override: true });

/** The headers that the embedded server sends, and that browsers shall keep to HTTPS. */
function headersPolicy(connect: readonly Value[]): Resource {
  return {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: named('console'),
        SecurityHeadersConfig: {
          ContentSecurityPolicy: override({ ContentSecurityPolicy: join(...contentPolicy(connect)) }),
          ContentTypeOptions: override({}),
          FrameOptions: override({ FrameOption: SECURITY_HEADERS['x-frame-options'] }),
          ReferrerPolicy: override({ ReferrerPolicy: SECURITY_HEADERS['referrer-policy'] }),
          StrictTransportSecurity: override({ AccessControlMaxAgeSec: 31_536_000 }),
        },
        CustomHeadersConfig: {
          Items: [
            override({
              Header: 'cross-origin-opener-policy',
              Value: SECURITY_HEADERS['cross-origin-opener-policy'],
            }),
          ],
        },
      },
    },
  };
}

const origins = [
  {
    Id: FILES,
    DomainName: attribute('ConsoleBucket', 'RegionalDomainName'),
    OriginAccessControlId: attribute('ConsoleAccessControl', 'Id'),
    // Empty: access is by the control above.
    S3OriginConfig: { OriginAccessIdentity: '' },
  },
  {
    Id: API,
    DomainName: apiHost,
    OriginPath: `/${STAGE}`,
    // API Gateway gives up at 29 s.
    CustomOriginConfig: {
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
      OriginReadTimeout: 30,
    },
  },
];

const throughRoutes = {
  FunctionAssociations: [
    { EventType: 'viewer-request', FunctionARN: attribute('ConsoleRoutes', 'FunctionMetadata.FunctionARN') },
  ],
};

const files = {
  PathPattern: '/console*',
  TargetOriginId: FILES,
  ViewerProtocolPolicy: 'redirect-to-https',
  AllowedMethods: ['GET', 'HEAD'],
  Compress: true,
  CachePolicyId: CACHING_OPTIMIZED,
  ResponseHeadersPolicyId: ref('ConsoleHeaders'),
  ...throughRoutes,
};

/** Without a redirect: whoever sends the API a request in the clear shall notice. */
const api = {
  TargetOriginId: API,
  ViewerProtocolPolicy: 'https-only',
  AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
  CachePolicyId: CACHING_DISABLED,
  OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
  ...throughRoutes,
};

/**
 * The distribution: `/console*` from the bucket, everything else from the API. The page may reach what is in `connect`.
 * @throws Error naming a parameter that cannot be used
 */
export async function distribution(
  resolver: Resolver,
  { settings }: ConsoleDomain,
  connect: readonly Value[],
): Promise<Record<string, Resource>> {
  const [priceClass, webAcl] = await Promise.all([
    formParam(
      resolver,
      'consolePriceClass',
      /^PriceClass_(100|200|All)$/,
      'PriceClass_100, PriceClass_200 or PriceClass_All',
    ),
    formParam(
      resolver,
      'consoleWebAclArn',
      /^arn:aws:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
      'the ARN of a web ACL of AWS WAF for CloudFront (scope CLOUDFRONT, us-east-1)',
    ),
  ]);
  return {
    ConsoleAccessControl: {
      Type: 'AWS::CloudFront::OriginAccessControl',
      Properties: {
        OriginAccessControlConfig: {
          Name: named('console'),
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      },
    },
    ConsoleRoutes: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: named('console'),
        AutoPublish: true,
        FunctionCode: CONSOLE_ROUTES,
        FunctionConfig: { Comment: 'Pages of the console are one file.', Runtime: 'cloudfront-js-2.0' },
      },
    },
    ConsoleHeaders: headersPolicy(connect),
    ConsoleDistribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          Comment: `${PREFIX}: console`,
          HttpVersion: 'http2and3',
          IPV6Enabled: true,
          PriceClass: priceClass ?? 'PriceClass_100',
          ...(webAcl && { WebACLId: webAcl }),
          ...settings,
          Origins: origins,
          CacheBehaviors: [files],
          DefaultCacheBehavior: api,
        },
      },
    },
  };
}

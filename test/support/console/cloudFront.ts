import type { IncomingMessage, ServerResponse } from 'node:http';
import { createContext, runInContext } from 'node:vm';
import { headerPairs, type RawRequest, splitTarget } from '../../../local/http/rawRequest.ts';
import type { S3Server } from '../aws/s3Server.ts';
import type { GatewayAnswer } from './apiGateway.ts';

/** The parts of a template that CloudFront works by, resolved. */
export interface Distribution {
  // biome-ignore-start lint/suspicious/noExplicitAny: CloudFormation's own
  /** DistributionConfig. */
  config: any;
  /** ResponseHeadersPolicyConfig. */
  headers: any;
  // biome-ignore-end lint/suspicious/noExplicitAny: CloudFormation's own
  functionCode: string;
}

/** Behind the distribution: the bucket, and what answers under the API's name. */
export interface Origins {
  s3: S3Server;
  api: (request: RawRequest) => Promise<GatewayAnswer>;
}

/** Of a viewer's request, what CloudFront tells origins in a header of its own. */
const OWN = ['host', 'connection'];

/** What CloudFront does with requests, as far as the template makes use of it; files are not kept. */
export function cloudFront({ config, headers, functionCode }: Distribution, { s3, api }: Origins) {
  const context = createContext({});
  runInContext(functionCode, context);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { rawPath, rawQuery } = splitTarget(request.url ?? '/');
    const { method = '' } = request;
    const behaviour =
      config.CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) =>
        matches(PathPattern, rawPath),
      ) ?? config.DefaultCacheBehavior;
    if (!behaviour.AllowedMethods.includes(method)) return void response.writeHead(403).end();
    const result = viewerRequest({ uri: rawPath, method });
    if (behaviour.ResponseHeadersPolicyId) {
      for (const [name, value] of policyHeaders(headers)) response.setHeader(name, value);
    }
    if (result.statusCode)
      return void response.writeHead(result.statusCode, { location: result.headers.location.value }).end();
    const origin = config.Origins.find(({ Id }: { Id: string }) => Id === behaviour.TargetOriginId);
    if (origin.S3OriginConfig) return file(result.uri, response);
    const passed = headerPairs(request.rawHeaders).filter(([name]) => !OWN.includes(name.toLowerCase()));
    const answer = await api({
      method,
      rawPath: `${origin.OriginPath}${result.uri}`,
      rawQuery,
      headers: [['host', origin.DomainName], ...passed],
      body: Buffer.concat(await request.toArray()),
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  function viewerRequest(request: { uri: string; method: string }) {
    Object.assign(context, { given: { request: { ...request, headers: {}, querystring: {} } } });
    return JSON.parse(runInContext('JSON.stringify(handler(given))', context));
  }

  /** Of S3, which answers 403 to those who may not list. */
  function file(path: string, response: ServerResponse): void {
    const key = path.slice(1);
    const bytes = s3.files.get(key);
    if (!bytes) return void response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error/>');
    const { 'content-type': type, 'cache-control': caching } = s3.headers.get(key) ?? {};
    response.writeHead(200, { 'content-type': type, 'cache-control': caching }).end(bytes);
  }
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function policyHeaders({
  SecurityHeadersConfig: security,
  CustomHeadersConfig: custom,
}: Distribution['headers']): [string, string][] {
  return [
    ['content-security-policy', security.ContentSecurityPolicy.ContentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', security.FrameOptions.FrameOption],
    ['referrer-policy', security.ReferrerPolicy.ReferrerPolicy],
    ['strict-transport-security', `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}`],
    ...custom.Items.map(({ Header, Value }: Record<string, string>) => [Header, Value]),
  ];
}

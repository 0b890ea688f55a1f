import { aliasRecords } from './aliasRecords.ts';
import { attribute, type Resource, ref } from './cloudformation.ts';
import { formParam, type Resolver } from './params.ts';
import { deploymentId } from './stage.ts';

export const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** What a parameter of a zone has to be, and in words. */
export const ZONE_ID: [RegExp, string] = [/^Z[A-Z0-9]{1,31}$/, 'the id of a Route 53 hosted zone'];
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/;

const API_DOMAIN = {
  DNSName: attribute('ApiDomain', 'RegionalDomainName'),
  HostedZoneId: attribute('ApiDomain', 'RegionalHostedZoneId'),
};

/** The name of the API from the parameter `domainName`, where there is one. */
export function domainName(resolver: Resolver): Promise<string | undefined> {
  return formParam(resolver, 'domainName', HOST_NAME, 'a host name such as switchboard.example.com');
}

/**
 * A name of one's own for the API, and its records where its zone is named.
 * @throws Error where a parameter that it takes is missing
 */
export async function customDomain(resolver: Resolver): Promise<Record<string, Resource>> {
  const name = await domainName(resolver);
  if (name === undefined) return {};
  const certificate = await formParam(
    resolver,
    'certificateArn',
    CERTIFICATE,
    "the ARN of an ACM certificate of the deployment's region",
  );
  if (certificate === undefined) {
    throw new Error('domainName needs certificateArn, an ACM certificate for it in the same region.');
  }
  const zone = await formParam(resolver, 'hostedZoneId', ...ZONE_ID);
  return {
    ApiDomain: {
      Type: 'AWS::ApiGateway::DomainName',
      Properties: {
        DomainName: name,
        RegionalCertificateArn: certificate,
        EndpointConfiguration: { Types: ['REGIONAL'] },
        SecurityPolicy: 'TLS_1_2',
      },
    },
    ApiDomainMapping: {
      Type: 'AWS::ApiGateway::BasePathMapping',
      // The stage comes with the deployment.
      DependsOn: [await deploymentId(resolver)],
      Properties: {
        DomainName: ref('ApiDomain'),
        RestApiId: ref('ApiGatewayRestApi'),
        Stage: String(await resolver.resolveVariable('sls:stage')),
      },
    },
    ...(zone && aliasRecords('ApiDomainRecord', { name, zone }, API_DOMAIN)),
  };
}

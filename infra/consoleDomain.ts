import { aliasRecords } from './aliasRecords.ts';
import { attribute, type Resource } from './cloudformation.ts';
import { HOST_NAME, ZONE_ID } from './domain.ts';
import { formParam, type Resolver } from './params.ts';

/** CloudFront takes certificates of this region only. */
const CERTIFICATE = /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/;

const DISTRIBUTION = {
  DNSName: attribute('ConsoleDistribution', 'DomainName'),
  // Of every distribution (Route 53, AliasTarget).
  HostedZoneId: 'Z2FDTNDATAQYW2',
};

export interface ConsoleDomain {
  /** Of a distribution's configuration. */
  settings: object;
  records: Record<string, Resource>;
}

/** The name of the console from the parameter `consoleDomainName`, where there is one. */
export function consoleName(resolver: Resolver): Promise<string | undefined> {
  return formParam(resolver, 'consoleDomainName', HOST_NAME, 'a host name such as console.example.com');
}

/**
 * The console's name and its certificate, and its records where its zone is named; else CloudFront's own name.
 * @throws Error where a parameter that it takes is missing
 */
export async function consoleDomain(resolver: Resolver): Promise<ConsoleDomain> {
  const name = await consoleName(resolver);
  if (name === undefined) {
    return { settings: { ViewerCertificate: { CloudFrontDefaultCertificate: true } }, records: {} };
  }
  const certificate = await formParam(
    resolver,
    'consoleCertificateArn',
    CERTIFICATE,
    'the ARN of an ACM certificate of us-east-1',
  );
  if (certificate === undefined) {
    throw new Error('consoleDomainName needs consoleCertificateArn, an ACM certificate for it in us-east-1.');
  }
  const zone = await formParam(resolver, 'consoleHostedZoneId', ...ZONE_ID);
  return {
    settings: {
      Aliases: [name],
      ViewerCertificate: {
        AcmCertificateArn: certificate,
        SslSupportMethod: 'sni-only',
        MinimumProtocolVersion: 'TLSv1.2_2021',
      },
    },
    records: zone ? aliasRecords('ConsoleRecord', { name, zone }, DISTRIBUTION) : {},
  };
}

import type { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialSource, AwsCredentials } from './awsCredentials.ts';

// The SDK's packages are loaded when first needed: few processes sign, and each start would pay for them.

/** Gives the process's own AWS credentials; `forceRefresh` passes by what it has cached. */
export type CredentialChain = (options?: { forceRefresh?: boolean }) => Promise<AwsCredentials>;

/** The default chain of the AWS SDK: environment, profile, container and instance roles. */
export function sdkChain(): CredentialChain {
  let loading: Promise<CredentialChain> | undefined;
  return async options => {
    loading ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider());
    return (await loading)(options);
  };
}

/** Milliseconds; twice this and a pause fit into the 20 s of a validation. */
const STS_TIMEOUT_MS = 5_000;

export interface StsOptions {
  /** Of the STS endpoint. */
  region: string;
  /** `AWS_ENDPOINT_URL_STS`; AWS's own when left out. */
  stsEndpoint?: string | undefined;
}

/** Makes the STS client at the first call, which signs with the process's own credentials. */
export function stsClient({ region, stsEndpoint }: StsOptions, own: AwsCredentialSource) {
  let loading: Promise<STSClient> | undefined;
  return () => {
    loading ??= import('@aws-sdk/client-sts').then(
      ({ STSClient }) =>
        new STSClient({
          region,
          ...(stsEndpoint ? { endpoint: stsEndpoint } : {}),
          credentials: () => own.get(),
          maxAttempts: 2,
          requestHandler: {
            connectionTimeout: STS_TIMEOUT_MS,
            requestTimeout: STS_TIMEOUT_MS,
            throwOnRequestTimeout: true,
          },
        }),
    );
    return loading;
  };
}

import { AwsV4Signer } from 'aws4fetch';
import type { Credentials } from './credentials.ts';
import { SwitchboardError } from './errors.ts';

/** What a signature covers, beside the time. */
export interface ToSign {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface SigningScope {
  region: string;
  signingName: string;
}

/**
 * The headers of a request, signed with SigV4 as of now.
 * @throws SwitchboardError CryptoUnavailable where the platform keeps `crypto.subtle` from the page
 */
export async function signedHeaders(
  request: ToSign,
  credentials: Credentials,
  { region, signingName }: SigningScope,
): Promise<Headers> {
  if (!globalThis.crypto?.subtle) throw noCrypto();
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    ...request,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    region,
    service: signingName,
  });
  return (await signer.sign()).headers;
}

function noCrypto(): SwitchboardError {
  const message =
    'Requests cannot be signed here: browsers offer crypto.subtle only to pages on https:// or localhost. ' +
    'Open this page at such an address.';
  return new SwitchboardError({ name: 'CryptoUnavailable', message });
}

import type { SigV4Credential } from '../credentials/credential.ts';
import type { RequestAuthorizer } from '../mcp/authorizer.ts';
import { secretsOf } from '../mcp/credentialSecrets.ts';
import type { AwsCredentialSource, AwsCredentials } from './awsCredentials.ts';
import { SIGNATURE_HEADERS, signRequest } from './signRequest.ts';

export interface SigV4AuthorizerDeps {
  credentials: AwsCredentialSource;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Requests under way whose signatures a server could repeat; a signature is worthless after minutes. */
const REMEMBERED_SIGNATURES = 16;

/** Signs each request to one server with AWS Signature Version 4 and adds the custom headers. */
export function sigv4Authorizer(credential: SigV4Credential, deps: SigV4AuthorizerDeps): RequestAuthorizer {
  const { region, service } = credential;
  const customHeaders = inLowerCase(credential.customHeaders);
  const signatures: string[] = [];
  let used: AwsCredentials | undefined;

  return {
    headerNames: [...SIGNATURE_HEADERS, ...Object.keys(customHeaders)],
    async authorize(request) {
      const url = wireUrl(request.url);
      // Egress refuses such a URL, and says why.
      if (!url) return {};
      const credentials = await deps.credentials.get();
      used = credentials;
      const at = new Date(deps.now());
      const headers = await signRequest(url, request, { region, service, customHeaders, credentials, at });
      signatures.push(...secretsOf({ authorization: headers.authorization ?? '' }).slice(-1));
      signatures.splice(0, signatures.length - REMEMBERED_SIGNATURES);
      return headers;
    },
    renew: async () => deps.credentials.renew(),
    secrets: () => [
      ...secretsOf(customHeaders),
      ...[used?.secretAccessKey, used?.sessionToken].filter(secret => secret !== undefined),
      ...signatures,
    ],
  };
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The URL in the form that egress sends. */
function wireUrl(endpoint: string): URL | null {
  const url = URL.parse(endpoint);
  if (url) url.hostname = url.hostname.replace(/\.$/, '');
  return url;
}

import { fail } from '../../lib/api/errors.ts';

/** What an `Authorization: AWS4-HMAC-SHA256 …` header says. */
export interface SignatureClaim {
  accessKeyId: string;
  /** `YYYYMMDD` */
  scopeDate: string;
  region: string;
  service: string;
  signedHeaders: readonly string[];
  /** 64 lower-case hex digits. */
  signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const PARAMETERS = ['Credential', 'SignedHeaders', 'Signature'] as const;

/**
 * Parses the header form of a SigV4 signature. Messages never repeat the header: it may hold a secret
 * that was pasted into the wrong place.
 * @throws IncompleteSignatureException
 */
export function parseAuthorization(header: string): SignatureClaim {
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) {
    throw incomplete(`Unsupported authorization algorithm: sign the request with ${ALGORITHM}.`);
  }
  const parameters = parseParameters(rest.join(' '));
  const missing = PARAMETERS.filter(name => !parameters.get(name));
  if (missing.length > 0) {
    throw incomplete(missing.map(name => `Authorization header requires '${name}' parameter.`).join(' '));
  }
  return {
    ...parseCredential(parameters.get('Credential') ?? ''),
    signedHeaders: parseSignedHeaders(parameters.get('SignedHeaders') ?? ''),
    signature: parseSignature(parameters.get('Signature') ?? ''),
  };
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of text.split(',')) {
    const mark = part.indexOf('=');
    const name = part.slice(0, Math.max(mark, 0)).trim();
    if (mark < 0 || parameters.has(name)) {
      throw incomplete('Authorization header must hold Credential, SignedHeaders and Signature, once each.');
    }
    parameters.set(name, part.slice(mark + 1).trim());
  }
  return parameters;
}

function parseCredential(text: string) {
  const parts = text.split('/');
  const [accessKeyId, scopeDate, region, service, terminator] = parts;
  if (!accessKeyId || !scopeDate || !region || !service || parts.length !== 5) {
    throw incomplete(
      'Credential must have 5 elements: <access key id>/<YYYYMMDD>/<region>/<service>/aws4_request.',
    );
  }
  if (terminator !== 'aws4_request') {
    throw incomplete("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (!/^\d{8}$/.test(scopeDate)) throw incomplete('The date in Credential must be YYYYMMDD.');
  return { accessKeyId, scopeDate, region, service };
}

function parseSignedHeaders(text: string): string[] {
  const names = text.split(';');
  const sorted = names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  if (!sorted || !names.every(name => /^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name))) {
    throw incomplete('SignedHeaders must be lower-case header names, sorted, separated by semicolons.');
  }
  return names;
}

function parseSignature(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw incomplete('Signature must be 64 lower-case hex digits.');
  return text;
}

function incomplete(message: string) {
  return fail('IncompleteSignatureException', message);
}

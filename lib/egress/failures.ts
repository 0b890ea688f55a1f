import { EgressError, type EgressErrorCode, type EgressPhase } from './types.ts';

type Explanation = [EgressErrorCode, string];

const trustAdvice =
  "use a certificate of a public authority, or have this deployment's operator add the root to EGRESS_CA_FILE";

/** By error code of Node, OpenSSL, llhttp or undici; `#` stands for host:port. */
const byCode: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: ['NAME_NOT_RESOLVED', 'The host name of # does not exist: check its spelling.'],
  ENODATA: ['NAME_NOT_RESOLVED', 'The host name of # has no address: check its DNS records.'],
  EAI_AGAIN: ['NAME_NOT_RESOLVED', 'The host name of # could not be resolved for now: try again.'],
  ECONNREFUSED: ['CONNECT_FAILED', '# refused the connection: check that the server runs on that port.'],
  EHOSTUNREACH: ['CONNECT_FAILED', '# cannot be reached: check its address and firewall.'],
  ENETUNREACH: ['CONNECT_FAILED', '# cannot be reached: no route leads to its network.'],
  EADDRNOTAVAIL: ['CONNECT_FAILED', '# cannot be reached: no local address fits.'],
  EMFILE: ['CONNECT_FAILED', 'No connection to # could be opened: too many are open here. Try again.'],
  ETIMEDOUT: ['TIMED_OUT', '# did not accept a connection in time: check its address and firewall.'],
  UND_ERR_CONNECT_TIMEOUT: ['TIMED_OUT', '# did not complete the TLS handshake in time.'],
  CERT_HAS_EXPIRED: ['TLS_FAILED', 'The certificate of # has expired: renew it.'],
  CERT_NOT_YET_VALID: ['TLS_FAILED', 'The certificate of # is not valid yet: check the dates.'],
  CERT_REVOKED: ['TLS_FAILED', 'The certificate of # is revoked: replace it.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['TLS_FAILED', `The certificate of # is self-signed: ${trustAdvice}.`],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'TLS_FAILED',
    `The certificate of # comes from a private authority: ${trustAdvice}.`,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'TLS_FAILED',
    `The certificate of # has an unknown issuer: send the intermediate certificates too, or ${trustAdvice}.`,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'TLS_FAILED',
    `The certificate of # has an unknown issuer: send the intermediate certificates too, or ${trustAdvice}.`,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'TLS_FAILED',
    'The certificate of # is for another name: use the name in the certificate, or one that has this name.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: ['TLS_FAILED', '# does not speak TLS on that port: check the port.'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['TLS_FAILED', '# does not speak TLS on that port: check the port.'],
  ERR_SSL_UNSUPPORTED_PROTOCOL: [
    'TLS_FAILED',
    '# speaks only an outdated TLS version: enable TLS 1.2 or 1.3.',
  ],
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: [
    'TLS_FAILED',
    '# speaks only an outdated TLS version: enable TLS 1.2 or 1.3.',
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'TLS_FAILED',
    '# asks for a client certificate: not supported.',
  ],
  UND_ERR_HEADERS_OVERFLOW: ['HEADERS_TOO_LARGE', 'The response headers of # are too large.'],
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The response headers of # are too large.'],
};

const byPhase: Readonly<Record<EgressPhase, Explanation>> = {
  url: ['URL_INVALID', 'The request to # could not be made.'],
  resolve: ['NAME_NOT_RESOLVED', 'The host name of # could not be resolved.'],
  connect: ['CONNECT_FAILED', 'No connection to # could be opened.'],
  tls: ['TLS_FAILED', 'The TLS handshake with # failed.'],
  request: ['CONNECTION_LOST', '# closed the connection before it answered.'],
  response: ['CONNECTION_LOST', '# broke the response off before its end.'],
};

/**
 * What went wrong, as an {@link EgressError}. The original error is left out on purpose: a parser's error holds
 * bytes of the response, a TLS error text of the certificate. `target` is host:port.
 */
export function explain(error: unknown, target: string, phase: EgressPhase): EgressError {
  if (error instanceof EgressError) return error;
  const code = codeOf(error);
  const [egressCode, text] = byCode[code] ?? malformedAnswer(code) ?? byPhase[phase];
  const known = code in byCode || !/^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? '' : ` (${code})`;
  return new EgressError(egressCode, phase, text.replace('#', target) + known);
}

/** A time-out in the phase that the request was in. */
export function lateness(target: string, phase: EgressPhase, ms: number): EgressError {
  const doing: Record<EgressPhase, string> = {
    url: 'The request to # was not ready',
    resolve: 'The host name of # was not resolved',
    connect: '# did not accept a connection',
    tls: '# did not complete the TLS handshake',
    request: '# did not answer',
    response: '# sent, or its reader took, nothing more',
  };
  const message = `${doing[phase].replace('#', target)} within ${Math.round(ms)} ms.`;
  return new EgressError('TIMED_OUT', phase, message);
}

function malformedAnswer(code: string): Explanation | undefined {
  if (!code.startsWith('HPE_')) return undefined;
  return ['CONNECTION_LOST', 'The answer of # is not valid HTTP: check the port.'];
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // undici 8 leaves the code of a parser's error out.
  if (error.name === 'HTTPParserError' && !('code' in error && error.code)) return 'HPE_UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/**
 * Authentication schemes that may be named to people: IANA's registry, and AWS's. A closed list, since a
 * hostile server could put what it was sent where the scheme belongs.
 */
const SCHEMES = [
  'AWS4-HMAC-SHA256',
  'Basic',
  'Bearer',
  'Concealed',
  'Digest',
  'DPoP',
  'GNAP',
  'HOBA',
  'Mutual',
  'Negotiate',
  'OAuth',
  'PrivateToken',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'vapid',
];

/** The first scheme of a `WWW-Authenticate` value (RFC 9110, 11.6.1), when it is a registered one. */
export function knownScheme(challenge: string | null): string | undefined {
  const word = challenge?.trim().split(/[\s,]/, 1)[0]?.toLowerCase();
  return SCHEMES.find(scheme => scheme.toLowerCase() === word);
}

import { createHash, randomBytes } from 'node:crypto';

/** A code verifier of 256 random bits (RFC 7636 §4.1). */
export function mintCodeVerifier(): string {
  return randomBytes(32).toString('base64url');
}

/** The S256 challenge of a verifier (RFC 7636 §4.2). */
export function codeChallenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

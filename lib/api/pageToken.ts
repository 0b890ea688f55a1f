import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalid } from './errors.ts';

/** What a token is good for: it is refused anywhere else. */
export interface PageScope {
  accountId: string;
  operation: string;
  /** The request's filters, in any stable form. */
  filter: string;
}

/** Opaque cursors: `position` is authenticated together with its scope. */
export interface PageTokens {
  mint(scope: PageScope, position: string): string;
  /** @throws ValidationException at `/nextToken` for a forged, damaged or foreign token */
  read(scope: PageScope, token: string): string;
}

const MAC_BYTES = 16;

/** Page tokens under one HMAC-SHA-256 key (truncated to 128 bits, NIST SP 800-107 §5.1). */
export function createPageTokens(key: Uint8Array): PageTokens {
  const mac = (scope: PageScope, position: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([scope.accountId, scope.operation, scope.filter, position]))
      .digest()
      .subarray(0, MAC_BYTES);
  return {
    mint: (scope, position) =>
      Buffer.concat([mac(scope, position), Buffer.from(position)]).toString('base64url'),
    read: (scope, token) => {
      const bytes = Buffer.from(token, 'base64url');
      const position = bytes.subarray(MAC_BYTES).toString();
      const given = bytes.subarray(0, MAC_BYTES);
      // One spelling only: decoding passes over characters and bits that do not count.
      const exact = bytes.toString('base64url') === token;
      if (!exact || given.length !== MAC_BYTES || !timingSafeEqual(given, mac(scope, position))) {
        throw invalid(
          '/nextToken',
          'is not a token of this list: use the nextToken of the previous page with the same filter',
        );
      }
      return position;
    },
  };
}

/**
 * The Content-Security-Policy of the console's pages, in pieces to be joined: what is in `connect` may be a reference
 * that is known at deployment only. Scripts are the console's origin's alone; connections may also go to the origins in
 * `connect`. Cloudscape's style sheet holds its fonts as `data:` URLs; React sets styles through the DOM, which
 * `style-src` does not concern.
 */
export function contentPolicy<Origin>(connect: readonly Origin[] = []): (string | Origin)[] {
  return [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
    ...connect.flatMap(origin => [' ', origin]),
    "; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ];
}

/** What each answer below `/console` says besides. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  // Paths hold ids of servers and spaces.
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
} as const;

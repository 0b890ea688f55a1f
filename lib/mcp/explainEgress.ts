import { scrubServerText } from '../egress/scrub.ts';
import type { EgressError, EgressPhase } from '../egress/types.ts';
import { failure, McpError } from './mcpError.ts';
import type { ValidationCode } from './types.ts';

const BY_EGRESS_CODE: Partial<Record<EgressError['code'], ValidationCode>> = {
  URL_INVALID: 'ENDPOINT_URL_INVALID',
  INSECURE_HTTP_REFUSED: 'ENDPOINT_INSECURE_HTTP',
  OWN_HOST_REFUSED: 'ENDPOINT_IS_SWITCHBOARD',
  LOOP_DETECTED: 'ENDPOINT_IS_SWITCHBOARD',
  NAME_NOT_RESOLVED: 'ENDPOINT_NAME_NOT_RESOLVED',
  ADDRESS_REFUSED: 'ENDPOINT_ADDRESS_NOT_PUBLIC',
  CONNECT_FAILED: 'ENDPOINT_UNREACHABLE',
  TLS_FAILED: 'TLS_FAILED',
  REDIRECT_REFUSED: 'HTTP_REDIRECT_REFUSED',
  TOO_MANY_REDIRECTS: 'HTTP_REDIRECT_REFUSED',
  HEADERS_TOO_LARGE: 'HTTP_RESPONSE_TOO_LARGE',
};

/** A refusal or failure of egress as the typed error; `listing` when it struck while tools were listed. */
export function explainEgress(error: EgressError, listing: boolean, secrets: readonly string[]): McpError {
  const code =
    BY_EGRESS_CODE[error.code] ??
    (error.code === 'RESPONSE_TOO_LARGE'
      ? listing
        ? 'TOOLS_LIST_TOO_LARGE'
        : 'HTTP_RESPONSE_TOO_LARGE'
      : interruption(error, listing));
  const what = sentence(scrubServerText(error.message, secrets).replace(/\. (\([A-Z_0-9]+\))$/, ' $1'));
  // Many of egress's messages end in a remedy of their own, after a colon.
  return /: [a-z]/.test(what) ? new McpError(code, what) : failure(code, what);
}

/** The code of a connection that was lost or took too long, by how far it had come. */
function interruption({ code, phase }: EgressError, listing: boolean): ValidationCode {
  const early = CODE_OF_EARLY_PHASE[phase];
  if (early) return early;
  if (listing) return 'TOOLS_LIST_FAILED';
  return code === 'TIMED_OUT' ? 'HTTP_TIMED_OUT' : 'HTTP_NO_ANSWER';
}

const CODE_OF_EARLY_PHASE: Partial<Record<EgressPhase, ValidationCode>> = {
  url: 'ENDPOINT_URL_INVALID',
  resolve: 'ENDPOINT_NAME_NOT_RESOLVED',
  connect: 'ENDPOINT_UNREACHABLE',
  tls: 'TLS_FAILED',
};

/** A text that ends as sentences do. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

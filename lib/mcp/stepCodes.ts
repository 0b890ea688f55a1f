import type { ValidationCode, ValidationStep } from './types.ts';

/** The checks in the order in which they run. */
export const VALIDATION_STEPS: readonly ValidationStep[] = [
  'url',
  'address',
  'tls',
  'http',
  'transport',
  'credential',
  'handshake',
  'tools',
];

/** The one step that each code belongs to; adding a code without its step does not compile. */
export const STEP_OF_CODE: Readonly<Record<ValidationCode, ValidationStep>> = {
  ENDPOINT_URL_INVALID: 'url',
  ENDPOINT_INSECURE_HTTP: 'url',
  ENDPOINT_IS_SWITCHBOARD: 'url',
  ENDPOINT_NAME_NOT_RESOLVED: 'address',
  ENDPOINT_ADDRESS_NOT_PUBLIC: 'address',
  ENDPOINT_UNREACHABLE: 'address',
  TLS_FAILED: 'tls',
  HTTP_NO_ANSWER: 'http',
  HTTP_TIMED_OUT: 'http',
  HTTP_SERVER_ERROR: 'http',
  HTTP_REDIRECT_REFUSED: 'http',
  HTTP_RESPONSE_TOO_LARGE: 'http',
  TRANSPORT_SSE_ONLY: 'transport',
  TRANSPORT_NOT_MCP: 'transport',
  TRANSPORT_RATE_LIMITED: 'transport',
  CREDENTIAL_REJECTED: 'credential',
  CREDENTIAL_FORBIDDEN: 'credential',
  TOKEN_ENDPOINT_UNREACHABLE: 'credential',
  TOKEN_ENDPOINT_ANSWER_INVALID: 'credential',
  TOKEN_CLIENT_REJECTED: 'credential',
  TOKEN_SCOPE_REJECTED: 'credential',
  TOKEN_REQUEST_REJECTED: 'credential',
  CONSENT_REQUIRED: 'credential',
  SIGNING_FAILED: 'credential',
  HANDSHAKE_FAILED: 'handshake',
  HANDSHAKE_UNSUPPORTED_VERSION: 'handshake',
  TOOLS_NOT_OFFERED: 'tools',
  TOOLS_LIST_FAILED: 'tools',
  TOOLS_LIST_TOO_LARGE: 'tools',
};

import type { ValidationCode } from './types.ts';

/** What to do about each failed check: the second half of its message. */
export const REMEDY_OF_CODE: Readonly<Record<ValidationCode, string>> = {
  ENDPOINT_URL_INVALID: 'Give an https:// URL without user name, password or fragment.',
  ENDPOINT_INSECURE_HTTP: 'Use the https:// form of the endpoint.',
  ENDPOINT_IS_SWITCHBOARD: 'Give the URL of the MCP server itself.',
  ENDPOINT_NAME_NOT_RESOLVED: 'Check the host name for typing errors and that it is in the public DNS.',
  ENDPOINT_ADDRESS_NOT_PUBLIC:
    'Use a server on the public internet, or have its range allowed by whoever runs this deployment.',
  ENDPOINT_UNREACHABLE: 'Check host and port, and that the server and its firewall let connections in.',
  TLS_FAILED:
    'Give the server a valid certificate for this host name, from a public authority, with its full chain.',
  HTTP_NO_ANSWER: 'Check that the server is healthy and that this URL is its MCP endpoint.',
  HTTP_TIMED_OUT: 'Check that the server is healthy and try again.',
  HTTP_SERVER_ERROR: "Check the server's own logs and try again once it is healthy.",
  HTTP_REDIRECT_REFUSED: 'Give the final URL as the endpoint.',
  HTTP_RESPONSE_TOO_LARGE: 'Check that this URL is the MCP endpoint of the server.',
  TRANSPORT_SSE_ONLY:
    'Upgrade the server to the Streamable HTTP transport, or give the URL where it offers that.',
  TRANSPORT_NOT_MCP:
    'Check the path of the endpoint: it must be the Streamable HTTP endpoint of an MCP server.',
  TRANSPORT_RATE_LIMITED: 'Wait and try again, or raise the limit on the server.',
  CREDENTIAL_REJECTED: 'Check the value, its prefix and the header name, and that it has not expired.',
  CREDENTIAL_FORBIDDEN: 'Give the credential the permissions (scopes) that the server asks for.',
  TOKEN_ENDPOINT_UNREACHABLE: 'Check exchangeUrl, and that the authorization server lets connections in.',
  TOKEN_ENDPOINT_ANSWER_INVALID: 'Check that exchangeUrl is the token endpoint of the authorization server.',
  TOKEN_CLIENT_REJECTED: 'Check clientId and clientSecret, and that the client may use this grant.',
  TOKEN_SCOPE_REJECTED: 'Ask for scopes that the authorization server grants to this client.',
  TOKEN_REQUEST_REJECTED: 'Check exchangeParameters and what the client is allowed to ask for.',
  CONSENT_REQUIRED: 'Give consent again: call UpdateService with the same authorization method.',
  SIGNING_FAILED: 'Check the role, that it trusts this deployment with its ExternalId, and the region.',
  HANDSHAKE_FAILED: "Check the server's own logs; it must answer server/discover or initialize.",
  HANDSHAKE_UNSUPPORTED_VERSION: 'Upgrade the server to protocol version 2024-10-07 or later.',
  TOOLS_NOT_OFFERED: 'Use a server that declares the tools capability.',
  TOOLS_LIST_FAILED: "Check the server's own logs for tools/list.",
  TOOLS_LIST_TOO_LARGE: 'Have the server offer fewer or smaller tools.',
};

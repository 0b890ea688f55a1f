import type { FailureCode } from '../../lib/api/errors.ts';
import type { ValidationCode, ValidationStep } from '../../lib/mcp/types.ts';
import type { WarningCode } from '../../lib/mcp/warningCodes.ts';

/** When each error is answered, and what to do about it. A code without its words does not compile. */
export const ERRORS: Readonly<Record<FailureCode, { when: string; remedy: string }>> = {
  ValidationException: {
    when: 'The request has a wrong, missing or unknown member, or the server that it names failed a check.',
    remedy: 'Correct the members that `fieldList` names. For a code in capitals see the failed checks below.',
  },
  InvalidParameterException: {
    when: 'Part of the public API; no operation of Switchboard answers with it.',
    remedy: 'Nothing: it is here so that the list is complete.',
  },
  ContentSizeExceededException: {
    when: 'The body has more than 256 KB, or the definitions of the tools, or an association, are too large to be kept.',
    remedy: 'Send less; allow fewer tools.',
  },
  ServiceQuotaExceededException: {
    when: 'The account has as many servers or spaces, or the space as many tools or access tokens, as its quota says.',
    remedy: 'Remove what is not needed, or raise the quota that the message names.',
  },
  ConflictException: {
    when: 'The name is taken, the server is still in use, server names collide in a space, a `clientToken` was used for something else, or the thing changed meanwhile.',
    remedy:
      'The message says which, and names what is in the way. After a change by another, read and try again.',
  },
  ResourceNotFoundException: {
    when: 'There is no such server, space, association, access token or ARN in the account of the caller.',
    remedy: 'Check the id, and that the access key is of the right account.',
  },
  AccessDeniedException: {
    when: 'The role does not allow the operation, no caller was proven, the Host header is not a name of the server, or the request came from a Switchboard.',
    remedy: 'Use a key of another role; set `PUBLIC_BASE_URL` for the name that clients use.',
  },
  ThrottlingException: {
    when: 'The account validated too many servers this minute, or too many changes met on one item.',
    remedy: 'Wait (`retry-after` says how many seconds, where known) and try again.',
  },
  UnknownOperationException: {
    when: 'No operation has this method and path, or `X-Amz-Target` names another one.',
    remedy: 'Check both against openapi.yaml.',
  },
  MissingAuthenticationTokenException: {
    when: 'The request is not signed. On AWS also: there is no such route.',
    remedy: 'Sign it (SigV4), and check the path.',
  },
  IncompleteSignatureException: {
    when: 'The `Authorization` header or the date is not of the right form, or the signature is in the URL.',
    remedy: 'Send a SigV4 signature in the `Authorization` header; presigned URLs are not accepted.',
  },
  InvalidSignatureException: {
    when: 'The signature does not match, is more than 5 minutes off, or is for another region, service or body.',
    remedy: 'Check secret key, region and clock. The message says which of them differs.',
  },
  UnrecognizedClientException: {
    when: 'The access key is unknown, or the request has a session token.',
    remedy: 'Check the key with `npm run keys -- list`; unset `AWS_SESSION_TOKEN`.',
  },
  InvalidLookupAttributesException: {
    when: 'LookupEvents got more than one attribute, an unknown one, or an empty value.',
    remedy: 'Give one attribute with a value.',
  },
  InvalidTimeRangeException: {
    when: 'LookupEvents got a start after the end, or something that is no time.',
    remedy: 'Give times as epoch seconds or ISO 8601, the start first.',
  },
  InvalidMaxResultsException: {
    when: 'LookupEvents got a page size that is not from 1 to 50.',
    remedy: 'Give 1 to 50, or leave it out.',
  },
  InvalidNextTokenException: {
    when: 'LookupEvents got a token that belongs to another question.',
    remedy: 'Pass the token with the very parameters that it was returned for.',
  },
  InvalidEventCategoryException: {
    when: 'LookupEvents was asked for Insights events, which are not recorded.',
    remedy: 'Leave `EventCategory` out.',
  },
  ServiceUnavailableException: {
    when: 'The request took longer than 29 seconds, or what it reads kept being replaced.',
    remedy: 'Try again.',
  },
  InternalServerException: {
    when: 'Something failed that nobody foresaw.',
    remedy: 'Look for the request id in the log of the server, or quote it to who runs it.',
  },
};

/** What each check looks at. */
export const STEPS: Readonly<Record<ValidationStep, string>> = {
  url: 'Whether the URL has a form that may be fetched at all.',
  address:
    'Whether its name resolves to addresses that may be reached, and one of them accepts a connection.',
  tls: 'Whether the certificate is good. Skipped for `http://`.',
  http: 'Whether an HTTP answer comes.',
  transport: 'Whether it speaks MCP over Streamable HTTP.',
  credential: 'Whether it takes the credential.',
  handshake: 'Whether the MCP handshake succeeds, in a protocol version that both sides know.',
  tools: 'Whether it lists its tools, all pages.',
};

/** What each failed check means. */
export const MEANINGS: Readonly<Record<ValidationCode, string>> = {
  ENDPOINT_URL_INVALID:
    'The endpoint is no URL that may be fetched: too long, with a user name, with a fragment.',
  ENDPOINT_INSECURE_HTTP: 'The endpoint is plain `http://`, which is not allowed here.',
  ENDPOINT_IS_SWITCHBOARD: 'The endpoint is this Switchboard itself, or leads back to one.',
  ENDPOINT_NAME_NOT_RESOLVED: 'The host name has no address.',
  ENDPOINT_ADDRESS_NOT_PUBLIC: 'The host is, or resolves to, an address that is not on the public internet.',
  ENDPOINT_UNREACHABLE: 'No connection came about: refused, or no answer.',
  TLS_FAILED: 'The TLS handshake failed, or the certificate is not valid for this host.',
  HTTP_NO_ANSWER: 'The connection ended without an HTTP answer.',
  HTTP_TIMED_OUT: 'No answer came in time.',
  HTTP_SERVER_ERROR: 'The server answered with a status of 500 or above.',
  HTTP_REDIRECT_REFUSED:
    'The server redirects to another origin, too often, or in a way that changes the request.',
  HTTP_RESPONSE_TOO_LARGE: 'The answer, or its headers, are larger than allowed.',
  TRANSPORT_SSE_ONLY: 'The server speaks only the deprecated HTTP+SSE transport.',
  TRANSPORT_NOT_MCP: 'What answers there does not speak MCP.',
  TRANSPORT_RATE_LIMITED: 'The server refuses for too many requests (429).',
  CREDENTIAL_REJECTED: 'The server does not accept the credential (401).',
  CREDENTIAL_FORBIDDEN: 'The server knows the credential and does not let it in (403).',
  TOKEN_ENDPOINT_UNREACHABLE:
    'The token endpoint of the authorization server cannot be reached or does not answer.',
  TOKEN_ENDPOINT_ANSWER_INVALID: 'The token endpoint answers with something that is no token response.',
  TOKEN_CLIENT_REJECTED: 'The authorization server does not accept the client.',
  TOKEN_SCOPE_REJECTED: 'The authorization server does not grant the scopes.',
  TOKEN_REQUEST_REJECTED: 'The authorization server refuses the request for another reason.',
  CONSENT_REQUIRED: 'A person has to consent, or to consent again.',
  SIGNING_FAILED: 'A request to a SigV4-protected server cannot be signed: the role cannot be assumed.',
  HANDSHAKE_FAILED: 'The server answers the MCP handshake with an error, or not as MCP says.',
  HANDSHAKE_UNSUPPORTED_VERSION: 'The server speaks no protocol version that Switchboard knows.',
  TOOLS_NOT_OFFERED: 'The server does not declare tools.',
  TOOLS_LIST_FAILED: 'The server cannot list its tools.',
  TOOLS_LIST_TOO_LARGE: 'The list of tools is larger than allowed: 2,000 tools, 200 pages or 8 MB.',
};

/** What each warning means, and what to do about it. */
export const WARNINGS: Readonly<Record<WarningCode, { meaning: string; remedy: string }>> = {
  TOOL_ECHOES_CREDENTIAL: {
    meaning:
      'The definition of the tool repeats the credential that the server was sent; the tool is left out.',
    remedy: 'Have the server corrected, and replace the credential: others may have seen it.',
  },
  ENDPOINT_LOOKS_SECRET: {
    meaning: 'The URL looks like it holds a secret, and URLs are audited.',
    remedy: 'Give the secret as a credential.',
  },
  TOOL_INVISIBLE_CHARACTERS: {
    meaning:
      'A text of the definition holds characters that people do not see and models read: Unicode tags, bidirectional controls, zero-width characters, variation selectors where they do nothing, soft hyphens, control characters. Emoji, and joiners where a script needs them, are not meant.',
    remedy: 'Do not allow the tool before whoever runs the server has explained or removed them.',
  },
  TOOL_ANSI_ESCAPES: {
    meaning:
      'A text of the definition holds terminal escapes, which hide and overwrite what a terminal shows of it.',
    remedy: 'Do not allow the tool before whoever runs the server has removed them.',
  },
  TOOL_HTML_COMMENT: {
    meaning:
      'A text of the definition holds a comment of HTML or Markdown, which is not shown where the text is rendered, and which models read.',
    remedy: 'Read what the comment says (ListServiceTools) before you allow the tool.',
  },
  TOOL_ADDRESSES_MODEL: {
    meaning:
      'A text of the definition speaks to the model instead of describing the tool: it tells it to set instructions aside, to keep something from the user, to prefer this tool whatever is asked, to hand something over, to act without asking, or poses as a voice of authority. Found by phrases, so there are harmless ones among these, and others are not found.',
    remedy: 'Read the text (ListServiceTools), and allow the tool only if you trust the server to say this.',
  },
  TOOL_NAME_IMITATES: {
    meaning:
      'The name of the tool looks like that of another one (case, separators, look-alike letters): of the same server, or, when the server is connected to a space, of another server there. A last warning tells which other server has tools of the very same names.',
    remedy: 'Allow one of the two, or have one renamed on its server.',
  },
  SCOPES_ADDED: {
    meaning: 'The authorization server granted scopes that were not asked for.',
    remedy: 'Check that the client may have them.',
  },
  SCOPES_PROMISE_WRITES: {
    meaning: 'The scopes let agents change things.',
    remedy: 'Ask for less if they need not.',
  },
  SCOPES_NOT_GRANTED: {
    meaning: 'The authorization server granted fewer scopes than were asked for.',
    remedy: 'Have them granted to the client, or ask for fewer: tools that need them will fail.',
  },
  SCOPES_DEMANDED: {
    meaning: 'The server refused calls for want of scopes.',
    remedy: 'Have them granted with UpdateService.',
  },
  OFFLINE_ACCESS_REFUSED: {
    meaning: 'The authorization server does not grant `offline_access`; the token was got without it.',
    remedy: 'Nothing, where the server gives new tokens without it; else allow it for the client.',
  },
  TOOL_MALFORMED: {
    meaning: 'The definition of the tool is not one that MCP clients accept; the tool is left out.',
    remedy: 'Have the server corrected.',
  },
  TOOL_DUPLICATED: {
    meaning: 'The server lists two tools of one name; the first one counts.',
    remedy: 'Have the server corrected.',
  },
  TOOL_NAME_UNSUPPORTED: {
    meaning: 'The name of the tool holds characters that the API does not take: the tool cannot be allowed.',
    remedy: 'Have the tool renamed on the server.',
  },
  TOOL_NAME_TOO_LONG: {
    meaning:
      'Agents would see `<server-name>_<tool-name>` with more than 64 characters: the tool cannot be allowed.',
    remedy: 'Register the server under a shorter name.',
  },
  TOOL_READ_ONLY_HINT_MISSING: {
    meaning:
      'Tools do not say whether they only read. One warning counts them all; those that `toolDetails` classifies are not counted.',
    remedy: 'Classify them in `toolDetails` when you allow them.',
  },
  WARNINGS_OMITTED: {
    meaning:
      'There are more warnings than are shown (100). The gravest are shown, in the order of this table.',
    remedy: 'See to those that are shown, and validate again.',
  },
};

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** Stands in for the token endpoint; `next` is the real one. */
type TokenFault = (request: IncomingMessage, response: ServerResponse, next: RequestListener) => void;

/** Tokens that no client may take; found nowhere else. */
export const FAULTY_TOKEN = 'faulty-canary-51d0';

const JSON_TYPE = { 'content-type': 'application/json' };

const send =
  (status: number, body: string, headers: Record<string, string> = JSON_TYPE): TokenFault =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers);
    response.end(body);
  };

const json = (status: number, body: unknown): TokenFault => send(status, JSON.stringify(body));

const grant = (members: object): TokenFault =>
  json(200, { access_token: FAULTY_TOKEN, token_type: 'Bearer', expires_in: 3600, ...members });

/** What a token endpoint may do wrong, by name. */
export const tokenFaults = {
  hangs: request => request.resume(),
  /** One byte every 50 ms, without end. */
  drips: (_request, response) => {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  },
  redirects: send(307, '', { location: '/elsewhere' }),
  redirectsAway: send(307, '', { location: 'https://127.0.0.1:1/token' }),
  html: send(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
  htmlNotFound: send(404, '<!doctype html><title>Not found</title>', { 'content-type': 'text/html' }),
  notJson: send(200, `access_token=${FAULTY_TOKEN}`),
  jsonArray: json(200, [FAULTY_TOKEN]),
  emptyBody: send(200, ''),
  twoMegabytes: grant({ padding: 'x'.repeat(2_000_000) }),
  typeMac: grant({ token_type: 'mac' }),
  typeMissing: grant({ token_type: undefined }),
  typeLowerCase: grant({ token_type: 'bearer' }),
  tokenMissing: grant({ access_token: undefined }),
  tokenEmpty: grant({ access_token: '' }),
  tokenNotText: grant({ access_token: 42 }),
  tokenWithNewline: grant({ access_token: `${FAULTY_TOKEN}\r\nx-injected: 1` }),
  tokenWithSpace: grant({ access_token: `${FAULTY_TOKEN} more` }),
  tokenNotAscii: grant({ access_token: `${FAULTY_TOKEN}é` }),
  tokenTooLong: grant({ access_token: 'x'.repeat(17_000) }),
  refreshTokenWithNewline: grant({ refresh_token: `${FAULTY_TOKEN}\n` }),
  expiresMissing: grant({ expires_in: undefined }),
  expiresAsText: grant({ expires_in: '120' }),
  expiresNegative: grant({ expires_in: -5 }),
  expiresZero: grant({ expires_in: 0 }),
  expiresHuge: grant({ expires_in: 1e300 }),
  expiresNotNumber: grant({ expires_in: 'soon' }),
  scopeNotText: grant({ scope: ['mcp:read'] }),
  errorWithStatus200: json(200, { error: 'invalid_client', error_description: 'wrong' }),
  unavailable: send(503, '{"error":"temporarily_unavailable"}', { ...JSON_TYPE, 'retry-after': '7' }),
  rateLimited: json(429, { error: 'slow_down' }),
  invalidGrant: json(400, { error: 'invalid_grant' }),
  invalidTarget: json(400, { error: 'invalid_target' }),
  unknownError: json(400, { error: 'made_up\u0007<b>', error_description: 'Something else' }),
  /** A server that knows `client_secret_post` alone. */
  refusesBasic: (request, response, next) => {
    if (!request.headers.authorization) return next(request, response);
    json(401, { error: 'invalid_client', error_description: 'no client authentication' })(
      request,
      response,
      next,
    );
  },
  /** Repeats what it was sent, in clear and in base64, as an error. */
  echoes: async (request, response) => {
    const sent = `${request.headers.authorization ?? ''} ${await text(request)}`;
    const description = `Not liked: ${sent} ${Buffer.from(sent).toString('base64')}`;
    response.writeHead(400, JSON_TYPE);
    response.end(JSON.stringify({ error: 'invalid_request', error_description: description }));
  },
  /** Grants, then loses the connection before the answer. */
  losesAnswer: (request, response, next) => {
    response.end = (() => response.destroy()) as ServerResponse['end'];
    response.write = () => true;
    next(request, response);
  },
  serverError: send(500, '<h1>Internal error</h1>', { 'content-type': 'text/html' }),
} satisfies Record<string, TokenFault>;

export type TokenFaultName = keyof typeof tokenFaults;

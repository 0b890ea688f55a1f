import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignIn } from '../identity/signIn.ts';
import { readBody } from './body.ts';
import type { ConsoleFile, ConsoleFiles } from './consoleFiles.ts';
import { publicUrlOf } from './hosts.ts';
import { type HttpSettings, isLoopback } from './settings.ts';

/** What the console has to know before anyone signs in; none of it is secret. */
export interface ConsoleConfig {
  region: string;
  accountId: string;
  /** Tools that an agent space may allow. */
  toolsPerSpace: number;
}

export interface ConsoleOptions {
  files: ConsoleFiles;
  config: ConsoleConfig;
  signIn: SignIn;
  /** Records a sign-in; without the record there is none. */
  onSignedIn: (accessKeyId: string, call: SignedIn) => Promise<void>;
  /** Told of codes that are no good; must not write. */
  onRefused: (call: { sourceIp: string }) => void;
}

/** A sign-in with the link. */
export interface SignedIn {
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  sourceIp: string;
  userAgent: string;
}

/** A request of the console's, whose Host header was checked. */
export interface ConsoleCall {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  sourceIp: string;
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  port: number;
}

const HOME = '/console/';

/**
 * Scripts and connections are this server's alone. Cloudscape's style sheet holds its fonts as `data:` URLs; React sets
 * styles through the DOM, which `style-src` does not concern.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // Paths hold ids of servers and spaces.
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

/** A code, or an access key of which only the holder may end the session, is shorter. */
const MAX_SIGN_IN_BYTES = 1024;

/** The console's path of a request target, without its query. */
export function consolePath(target: string): string | undefined {
  const path = target.split('?', 1)[0] ?? '';
  return path === '/console' || path.startsWith(HOME) ? path : undefined;
}

/** Serves the console's files, its settings, and the sign-in with a link. Unknown paths are pages of the application. */
export async function serveConsole(
  call: ConsoleCall,
  settings: HttpSettings,
  options: ConsoleOptions,
): Promise<void> {
  const { request, response, path } = call;
  for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value);
  if (path === `${HOME}session`) return session(call, options);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'This path takes GET.');
  if (path === '/console') return void response.writeHead(308, { location: HOME }).end();
  if (path === `${HOME}config.json`) return config(call, settings, options.config);
  if (!path.startsWith(`${HOME}assets/`)) return file(call, options.files.index, 'no-cache');
  const asset = options.files.assets.get(path.slice(`${HOME}assets/`.length));
  if (!asset) return refuse(response, 404, 'There is no such file.');
  file(call, asset, 'public, max-age=31536000, immutable');
}

function file({ request, response }: ConsoleCall, found: ConsoleFile, caching: string): void {
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = zipped ? found.gzipped() : found.bytes;
  response.writeHead(200, {
    'content-type': found.type,
    'content-length': body.length,
    'cache-control': caching,
    vary: 'accept-encoding',
    ...(zipped && { 'content-encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function config({ response, port }: ConsoleCall, settings: HttpSettings, known: ConsoleConfig): void {
  json(response, 200, { ...known, publicBaseUrl: publicUrlOf(settings, port) });
}

/** POST trades a link's code for a session's access key, DELETE ends a session. From this machine alone. */
async function session(call: ConsoleCall, { signIn, onSignedIn, onRefused }: ConsoleOptions): Promise<void> {
  const { request, response, sourceIp, requestId, at } = call;
  const body = await readBody(request, undefined, MAX_SIGN_IN_BYTES);
  if (!isLoopback(sourceIp)) return refuse(response, 403, 'Sign-in links work on the machine of the server.');
  // Pages of others can send simple requests only, which cannot be of this type.
  if (request.headers['content-type'] !== 'application/json') return refuse(response, 415, 'Send JSON.');
  const { code, accessKeyId, secretAccessKey } = members(body);
  if (request.method === 'DELETE') {
    signIn.end(accessKeyId, secretAccessKey);
    return void response.writeHead(204, { 'cache-control': 'no-store' }).end();
  }
  if (request.method !== 'POST') return refuse(response, 405, 'This path takes POST and DELETE.');
  const made = signIn.exchange(code);
  if (!made) {
    onRefused({ sourceIp });
    return refuse(response, 403, 'This sign-in link was used, has expired, or never was one.');
  }
  const userAgent = request.headers['user-agent'] ?? '';
  try {
    await onSignedIn(made.accessKeyId, { requestId, at, sourceIp, userAgent });
  } catch (error) {
    signIn.end(made.accessKeyId, made.secretAccessKey);
    throw error;
  }
  json(response, 201, made);
}

function members(body: Buffer): Record<'code' | 'accessKeyId' | 'secretAccessKey', string> {
  const found = parsed(body);
  const text = (name: string) => (typeof found[name] === 'string' ? found[name] : '');
  return {
    code: text('code'),
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
  };
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, status, { message });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConsoleConfig } from '../../console/api/config.ts';
import { CACHING } from '../../lib/console/files.ts';
import { contentPolicy, SECURITY_HEADERS } from '../../lib/console/headers.ts';
import { json, refuse } from './consoleAnswer.ts';
import type { ConsoleFile, ConsoleFiles } from './consoleFiles.ts';
import { type SessionOptions, serveSession } from './consoleSession.ts';
import { publicUrlOf } from './hosts.ts';
import type { HttpSettings } from './settings.ts';

/** Of the console's settings, what does not depend on where the server listens. */
export type KnownConfig = Pick<ConsoleConfig, 'region' | 'accountId' | 'toolsPerSpace'>;

export interface ConsoleOptions extends SessionOptions {
  files: ConsoleFiles;
  config: KnownConfig;
  /** Where agents connect, when it is not where the console is. */
  agentsUrl?: () => string | undefined;
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

const HEADERS = { 'content-security-policy': contentPolicy().join(''), ...SECURITY_HEADERS };

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
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (path === `${HOME}session`) return serveSession(call, options);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'This path takes GET.');
  if (path === '/console') return void response.writeHead(308, { location: HOME }).end();
  if (path === `${HOME}config.json`) return config(call, settings, options);
  if (!path.startsWith(`${HOME}assets/`)) return file(call, options.files.index, CACHING.page);
  const asset = options.files.assets.get(path.slice(`${HOME}assets/`.length));
  if (!asset) return refuse(response, 404, 'There is no such file.');
  file(call, asset, CACHING.asset);
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

function config(
  { response, port }: ConsoleCall,
  settings: HttpSettings,
  { config: known, agentsUrl }: ConsoleOptions,
): void {
  const url = publicUrlOf(settings, port);
  const config: ConsoleConfig = {
    ...known,
    publicBaseUrl: url,
    apiUrl: url,
    agentsUrl: agentsUrl?.() ?? url,
    hasSignInLinks: true,
  };
  json(response, 200, config);
}

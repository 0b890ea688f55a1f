import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { errorResponse } from '../../lib/api/errorResponse.ts';
import { ApiError } from '../../lib/api/errors.ts';
import { type AgentOptions, agentTarget, serveAgent } from './agents.ts';
import { readBody } from './body.ts';
import { answerBrokenRequests } from './brokenRequests.ts';
import { type ConsoleCall, type ConsoleOptions, consolePath, serveConsole } from './console.ts';
import { gracefulClose } from './gracefulClose.ts';
import { allowedHosts, foreignHost, publicUrlOf } from './hosts.ts';
import { answer, type IncomingCall, type PipelineOptions } from './pipeline.ts';
import { headerPairs } from './rawRequest.ts';
import { respond } from './respond.ts';
import type { HttpSettings } from './settings.ts';
import { sourceIpOf } from './sourceIp.ts';

export interface LocalServerOptions extends PipelineOptions {
  settings: HttpSettings;
  /** The agents' endpoint; without it there is none. */
  agents?: AgentOptions;
  /** The console; without it there is none. */
  console?: ConsoleOptions;
  /** Requests that come before are served when it has resolved, and dropped when it rejects. */
  opened?: Promise<void>;
  /** Milliseconds that a connection may stand still. Default 60 s. */
  idleTimeoutMs?: number;
  /** How long close() waits for requests; the longest validation takes 20 s. Default 25 s. */
  closeTimeoutMs?: number;
}

export interface LocalServer {
  /** Starts accepting. Rejects with a remedy when the port is taken. */
  listen(): Promise<{ port: number; url: string }>;
  /** Stops accepting, lets requests finish within the time allowed, ends idle connections at once. */
  close(): Promise<void>;
}

const SERVER_LIMITS: http.ServerOptions = {
  // Clients send headers in one go; a slow one holds a connection, nothing else.
  headersTimeout: 10_000,
  // 256 KB take less on any usable line.
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
  // The Host check answers these itself.
  requireHostHeader: false,
  // Of two `Authorization` lines Node would quietly take the first, and a proxy may have checked the other.
  joinDuplicateHeaders: true,
};

/**
 * Whoever does not read an answer has it kept in memory, 16 MB of it where it is a tool's. No answer is silent for as long:
 * operations take 29 s, and agents are told every 15 s that theirs is coming.
 */
const IDLE_MS = 60_000;

/** Below the usual 1,024 file descriptors of a process; the database and egress need some. */
const MAX_CONNECTIONS = 768;

/** The embedded mode's HTTP(S) server: verifies callers and runs the handlers of functions/. */
export function createLocalServer(options: LocalServerOptions): LocalServer {
  const server = makeServer(options.settings);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = options.idleTimeoutMs ?? IDLE_MS;
  let hosts: ReadonlySet<string> = new Set();
  let port = options.settings.port;
  let closing = false;
  const close = gracefulClose(server, options.closeTimeoutMs ?? 25_000);

  async function serve(request: IncomingMessage, response: ServerResponse, sendContinue?: () => void) {
    const requestId = randomUUID();
    if (closing) response.setHeader('connection', 'close');
    const call = incomingCall(request, requestId, options, sendContinue);
    const target = options.agents && agentTarget(call.target);
    if (options.agents && target) {
      return serveAgent({ ...call, ...target, request, response, sendContinue }, hosts, options.agents);
    }
    const path = options.console && consolePath(call.target);
    const result = await (options.console && path !== undefined
      ? answerConsole({ ...call, path, request, response }, options.console)
      : answer(call, hosts, options)
    ).catch(error => {
      if (!(error instanceof ApiError)) options.onError(error, requestId);
      return errorResponse(error, requestId);
    });
    if (!result) return;
    if (closing) response.setHeader('connection', 'close');
    await respond(request, response, result, requestId);
  }

  /** It answers by itself, unless the request is led astray. */
  async function answerConsole(
    call: Omit<ConsoleCall, 'port'> & Pick<IncomingCall, 'headers'>,
    served: ConsoleOptions,
  ) {
    const foreign = foreignHost(call.headers, hosts);
    if (foreign) throw foreign;
    await serveConsole({ ...call, port }, options.settings, served);
  }

  let opened = options.opened;
  opened?.then(
    () => {
      opened = undefined;
    },
    () => {},
  );

  function onRequest(request: IncomingMessage, response: ServerResponse, sendContinue?: () => void): void {
    const serving = opened
      ? opened.then(() => serve(request, response, sendContinue))
      : serve(request, response, sendContinue);
    serving.catch(error => {
      options.onError(error, 'none');
      response.destroy();
    });
  }

  server.on('request', (request, response) => onRequest(request, response));
  server.on('checkContinue', (request, response) =>
    onRequest(request, response, () => response.writeContinue()),
  );
  answerBrokenRequests(server);
  return {
    async listen() {
      port = await listening(server, options.settings);
      hosts = allowedHosts(options.settings, port);
      return { port, url: publicUrlOf(options.settings, port) };
    },
    close() {
      closing = true;
      return close();
    },
  };
}

function incomingCall(
  request: IncomingMessage,
  requestId: string,
  { settings, now }: LocalServerOptions,
  sendContinue?: () => void,
) {
  const headers = headerPairs(request.rawHeaders);
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers,
    sourceIp: sourceIpOf(request.socket.remoteAddress, headers, settings.trustedProxies),
    scheme: settings.tls ? ('https' as const) : ('http' as const),
    requestId,
    at: now(),
    readBody: () => readBody(request, sendContinue),
  };
}

function makeServer({ tls }: HttpSettings): Server {
  if (!tls) return http.createServer(SERVER_LIMITS);
  return https.createServer({ ...SERVER_LIMITS, ...certificateOf(tls), minVersion: 'TLSv1.2' });
}

/**
 * Reads the server's certificate and its key.
 * @throws Error naming the variables when they are no such pair
 */
export function certificateOf(tls: NonNullable<HttpSettings['tls']>): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`TLS_CERT_FILE and TLS_KEY_FILE are not a PEM certificate and its key (${code}).`);
  }
}

function listening(server: Server, settings: HttpSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, settings)));
    const { host, port } = settings;
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function explained(error: NodeJS.ErrnoException, { host, port, portVariable }: HttpSettings): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} on ${host} is in use: set ${portVariable} to another one, or stop what listens there.`,
      );
    case 'EACCES':
      return new Error(`Port ${port} may not be opened by this user: set ${portVariable} to 1024 or above.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`HOST=${host} is not an address of this machine.`);
    default:
      return error;
  }
}

import {
  Client,
  type PriorDiscovery,
  type RequestOptions,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { EgressPhase } from '../egress/types.ts';
import { CLIENT_INFO } from './clientInfo.ts';
import { explainFailure, type FailureContext } from './explainFailure.ts';
import { failure, type McpError } from './mcpError.ts';
import { noSchemas } from './noSchemas.ts';
import { keepToolsRaw } from './rawTools.ts';
import { type Answer, createServerFetch, type ServerFetch } from './serverFetch.ts';
import { announcesEndpoint } from './sseOnly.ts';
import type { ProtocolVerdict, ServerConnection } from './types.ts';
import { priorOf, verdictOf } from './verdict.ts';

export interface ConnectOptions {
  /** Ends the connection and everything that it is asked for. */
  signal: AbortSignal;
  /** Milliseconds for the headers of each response. */
  headersTimeoutMs: number;
  onPhase?: ((phase: EgressPhase) => void) | undefined;
  /** Told the headers of every response. */
  onAnswer?: ((answer: Answer) => void) | undefined;
}

/** The SDK's own clock for an answer (milliseconds) stays out of the way: `signal` is what ends a connection. */
const ANSWER_OPTIONS: RequestOptions = { timeout: 600_000 };

/** A server that has shaken hands. */
export interface OpenServer {
  client: Client;
  verdict: ProtocolVerdict;
  /** In the server's own words: scrub before showing. */
  serverInfo: { name: string; version: string } | undefined;
  offersTools: boolean;
  /** What must not be shown of the server's text, as of now: a token may be renewed in the middle of a list. */
  readonly secrets: readonly string[];
  /** Asks the server one thing at a time; fails with a {@link McpError} of step `tools` or of one it refutes. */
  ask<T>(exchange: (client: Client, options: RequestOptions) => Promise<T>): Promise<T>;
  /** Ends the session, where there is one, and every stream. Never fails. */
  close(): Promise<void>;
}

/**
 * Connects to a server as an MCP client without capabilities (no sampling, elicitation or roots): by the
 * remembered verdict, else by probing for 2026-07-28 and falling back to the earlier handshake. No background
 * stream is opened. Fails with a {@link McpError}, leaving no session behind.
 */
export async function connectServer(
  connection: ServerConnection,
  options: ConnectOptions,
): Promise<OpenServer> {
  const wire = createServerFetch(connection, options);
  const context: FailureContext = {
    stage: 'connect',
    progress: wire.progress,
    signal: options.signal,
    // Asked anew each time: a refreshed token is a secret too.
    get secrets() {
      return connection.authorizer.secrets();
    },
  };
  try {
    return await shakeHands(connection, wire, context);
  } catch (error) {
    const explained = explainFailure(error, context);
    throw connection.verdict ? explained : await refine(explained, wire);
  }
}

async function shakeHands(
  connection: ServerConnection,
  wire: ServerFetch,
  context: FailureContext,
): Promise<OpenServer> {
  const prior = priorOf(connection.verdict);
  const attempt = (how: PriorDiscovery | undefined) => open(connection, wire, context, how);
  try {
    return await attempt(prior);
  } catch (error) {
    // Some earlier servers crash at a method they do not know; the handshake shows whether they work at all.
    if (prior || !isServerError(error) || context.signal.aborted) throw error;
    return await attempt({ kind: 'legacy' });
  }
}

async function open(
  connection: ServerConnection,
  wire: ServerFetch,
  context: FailureContext,
  prior: PriorDiscovery | undefined,
): Promise<OpenServer> {
  const client = new Client(CLIENT_INFO, {
    capabilities: {},
    versionNegotiation: { mode: 'auto' },
    inputRequired: { autoFulfill: false },
    jsonSchemaValidator: noSchemas,
  });
  const transport = new StreamableHTTPClientTransport(placeholder(connection.endpoint), {
    fetch: wire.fetch,
    // Redirects are egress's business.
    redirectPolicy: 'follow',
    onInsufficientScope: 'throw',
  });
  keepToolsRaw(transport);
  const close = async () => {
    await transport.terminateSession().catch(() => {});
    await client.close().catch(() => {});
    await transport.close().catch(() => {});
  };
  try {
    await wire.guard(() => client.connect(transport, { ...ANSWER_OPTIONS, ...(prior && { prior }) }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    client,
    verdict: verdictOf(client),
    serverInfo: client.getServerVersion(),
    offersTools: client.getServerCapabilities()?.tools !== undefined,
    get secrets() {
      return context.secrets;
    },
    ask: async exchange => {
      try {
        return await wire.guard(() => exchange(client, ANSWER_OPTIONS));
      } catch (error) {
        throw explainFailure(error, { ...context, stage: 'list' });
      }
    },
    close,
  };
}

/** The fetch goes to the endpoint as it was given; the SDK only needs a URL to hold. */
function placeholder(endpoint: string): URL {
  return URL.parse(endpoint) ?? new URL('https://endpoint.invalid');
}

function isServerError(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status >= 500;
}

async function refine(error: McpError, wire: ServerFetch): Promise<McpError> {
  if (error.code !== 'TRANSPORT_NOT_MCP' || !(await announcesEndpoint(wire))) return error;
  return failure('TRANSPORT_SSE_ONLY', 'The server speaks only the deprecated HTTP+SSE transport.');
}

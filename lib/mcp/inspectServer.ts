import type { EgressPhase } from '../egress/types.ts';
import { type ConnectOptions, connectServer, type OpenServer } from './connect.ts';
import { VALIDATION_BUDGET_MS } from './limits.ts';
import { listTools, type ToolList } from './listTools.ts';
import { McpError } from './mcpError.ts';
import type { StepTracker } from './stepTracker.ts';
import type { ServerConnection, ValidationCode, ValidationStep } from './types.ts';

export interface InspectOptions {
  /** Milliseconds for everything but ending the session. */
  budgetMs?: number | undefined;
  /** Told how far the inspection has come. */
  progress?: Pick<StepTracker, 'reached' | 'passed'> | undefined;
}

export interface Inspection extends ToolList, Pick<OpenServer, 'verdict' | 'serverInfo' | 'secrets'> {}

/** Of the budget, what the first headers of an answer may take: egress then tells which phase was slow. */
const HEADERS_SHARE = 0.75;

/**
 * Connects to a server, lists its tools and leaves. A remembered verdict that no longer works is forgotten and
 * the server probed, once. Fails with a {@link McpError}.
 */
export async function inspectServer(
  connection: ServerConnection,
  options: InspectOptions = {},
): Promise<Inspection> {
  const { budgetMs = VALIDATION_BUDGET_MS, progress } = options;
  const budget = new AbortController();
  const outOfTime = new DOMException('the budget is spent', 'TimeoutError');
  const timer = setTimeout(() => budget.abort(outOfTime), budgetMs);
  const signal = connection.signal ? AbortSignal.any([budget.signal, connection.signal]) : budget.signal;
  const connectOptions = {
    signal,
    headersTimeoutMs: Math.ceil(budgetMs * HEADERS_SHARE),
    ...watch(progress),
  };
  // The form of the URL is judged in no time, but told only once the name is resolved.
  progress?.reached('url');
  try {
    return await inspectOnce(connection, connectOptions, progress);
  } catch (error) {
    if (!connection.verdict || signal.aborted || !isAboutProtocol(error)) throw error;
    const { verdict: _, ...unknown } = connection;
    return await inspectOnce(unknown, connectOptions, progress);
  } finally {
    clearTimeout(timer);
  }
}

async function inspectOnce(
  connection: ServerConnection,
  options: ConnectOptions,
  progress: InspectOptions['progress'],
): Promise<Inspection> {
  const server = await connectServer(connection, options);
  try {
    progress?.passed('handshake');
    const list = await listTools(server);
    progress?.passed('tools');
    const { verdict, serverInfo, secrets } = server;
    return { ...list, verdict, serverInfo, secrets };
  } finally {
    await server.close();
  }
}

const PASSED_BY_PHASE: Partial<Record<EgressPhase, ValidationStep>> = {
  resolve: 'url',
  connect: 'address',
  tls: 'tls',
};

function watch(progress: InspectOptions['progress']): Pick<ConnectOptions, 'onPhase' | 'onAnswer'> {
  return {
    onPhase: phase => {
      const step = PASSED_BY_PHASE[phase];
      if (step) progress?.passed(step);
    },
    onAnswer: ({ status, isMcp }) => {
      if (status < 500) progress?.passed('http');
      if (isMcp) progress?.reached('credential');
    },
  };
}

/** Failures that a server of the other protocol era shows. */
const PROTOCOL_CODES: readonly ValidationCode[] = [
  'TRANSPORT_NOT_MCP',
  'HTTP_SERVER_ERROR',
  'HANDSHAKE_FAILED',
  'HANDSHAKE_UNSUPPORTED_VERSION',
  'TOOLS_LIST_FAILED',
];

function isAboutProtocol(error: unknown): boolean {
  return error instanceof McpError && PROTOCOL_CODES.includes(error.code);
}

import type { Egress, EgressOptions } from '../../egress/types.ts';
import type { RequestAuthorizer } from '../../mcp/authorizer.ts';
import type { ProtocolVerdict } from '../../mcp/types.ts';

/** A server as calls reach it. */
export interface Upstream {
  accountId: string;
  agentSpaceId: string;
  serviceId: string;
  /** Changes with every change of the registration, its credential included. */
  version: number;
  endpoint: string;
  verdict: ProtocolVerdict | undefined;
  /** One for each call: it remembers which token it sent. */
  authorizer: RequestAuthorizer;
  egress: Egress;
  /** Bounds of each request to it. */
  bounds: Pick<EgressOptions, 'maxResponseBytes' | 'bodyIdleTimeoutMs'>;
}

/** A call of a tool, as the agent asked for it. */
export interface UpstreamCall {
  /** As the server knows it. */
  name: string;
  arguments: unknown;
  /** The agent's own members of `_meta`. */
  meta: Readonly<Record<string, unknown>>;
  /** Whether the agent wants to hear of progress. */
  wantsProgress: boolean;
  /** Whether the agent hears of log messages. */
  wantsLogs: boolean;
  /** `Mcp-Param-*` headers of the call (2026-07-28, "Custom Headers from Tool Parameters"). */
  paramHeaders: Readonly<Record<string, string>>;
  /** Ends the call at the server too, as far as the protocol allows. */
  signal: AbortSignal;
  /** `params` of a progress notification, without its token. What it settles with lets the server send on. */
  onProgress(params: Record<string, unknown>): Promise<void> | undefined;
  /** `params` of a log message, likewise. */
  onLog(params: Record<string, unknown>): Promise<void> | undefined;
  /** The server says that its list of tools has changed. */
  onToolsChanged(): void;
}

/** The `result` of a call as the server gave it. Not scrubbed: what is in it belongs to the agent. */
export type UpstreamResult = Record<string, unknown>;

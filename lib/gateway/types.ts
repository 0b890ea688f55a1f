import type { AuthenticationLog } from '../audit/authenticationLog.ts';
import type { Caller } from '../identity/caller.ts';
import type { NoteTokenUse } from '../identity/tokenUse.ts';
import type { VerifiedToken } from '../identity/verifyAccessToken.ts';
import type { InvocationLog } from '../invocations/invocationLog.ts';
import type { ServerDeps } from '../services/serverDeps.ts';

/** Bounds and settings of the agents' endpoint. */
export interface GatewaySettings {
  /** Milliseconds that one call of a tool may take. */
  callTimeoutMs: number;
  /** Milliseconds after which a server that is in use is asked for its tools again. */
  catalogueMaxAgeMs: number;
  /** Requests a minute of one access token (or signer), and of one space, in this process. */
  requestsPerMinute: { token: number; space: number };
  /** Origins of pages that may call: browsers name theirs, other clients name none. */
  allowedOrigins: ReadonlySet<string>;
}

/** What the agents' endpoint needs of the world. */
export interface GatewayDeps extends ServerDeps {
  gateway: GatewaySettings;
  invocations: InvocationLog;
  authentication: AuthenticationLog;
  noteTokenUse: NoteTokenUse;
  /** Told of a call that an agent cancels and that is not under way in this process. */
  cancelElsewhere?: ((key: string) => void) | undefined;
}

/** A request of an agent, as the entry point has it. */
export interface AgentRequest {
  method: string;
  agentSpaceId: string;
  /** Of the endpoint of one server. */
  serverName: string | undefined;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Undefined where it is larger than may be read. */
  body: Uint8Array | string | undefined;
  sourceIp: string;
  requestId: string;
  /** Arrival, epoch milliseconds. */
  at: number;
  /** A caller whose signature the entry point has verified. */
  signer: Caller | undefined;
}

/** Where the answer to one request goes. */
export interface AgentStream {
  begin(status: number, headers: Readonly<Record<string, string>>): void;
  /** Settles, where it is a promise, when the agent has taken what came before, or is gone. */
  write(text: string | Uint8Array): Promise<void> | undefined;
  end(text?: string): void;
  /** Whether `begin` was called. */
  readonly begun: boolean;
  /** Calls back once, when the agent is gone before the end. */
  onGone(tell: () => void): void;
}

/** Who calls, and what they may do. */
export interface Agent {
  accountId: string;
  agentSpaceId: string;
  /** `operate` lets MUTATIVE tools be called. */
  scope: 'read' | 'operate';
  /** As events name them. */
  caller: Caller;
  /** What was shown, where it was no signature. */
  token?: VerifiedToken;
}

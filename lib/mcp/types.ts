import type { Egress } from '../egress/types.ts';
import type { RequestAuthorizer } from './authorizer.ts';
import type { WarningCode } from './warningCodes.ts';

/** The checks of a validation, in order (product: "Validation checks"). */
export type ValidationStep =
  | 'url'
  | 'address'
  | 'tls'
  | 'http'
  | 'transport'
  | 'credential'
  | 'handshake'
  | 'tools';

/** Codes of failed checks; each belongs to exactly one step. */
export type ValidationCode =
  | 'ENDPOINT_URL_INVALID'
  | 'ENDPOINT_INSECURE_HTTP'
  | 'ENDPOINT_IS_SWITCHBOARD'
  | 'ENDPOINT_NAME_NOT_RESOLVED'
  | 'ENDPOINT_ADDRESS_NOT_PUBLIC'
  | 'ENDPOINT_UNREACHABLE'
  | 'TLS_FAILED'
  | 'HTTP_NO_ANSWER'
  | 'HTTP_TIMED_OUT'
  | 'HTTP_SERVER_ERROR'
  | 'HTTP_REDIRECT_REFUSED'
  | 'HTTP_RESPONSE_TOO_LARGE'
  | 'TRANSPORT_SSE_ONLY'
  | 'TRANSPORT_NOT_MCP'
  | 'TRANSPORT_RATE_LIMITED'
  | 'CREDENTIAL_REJECTED'
  | 'CREDENTIAL_FORBIDDEN'
  | 'TOKEN_ENDPOINT_UNREACHABLE'
  | 'TOKEN_ENDPOINT_ANSWER_INVALID'
  | 'TOKEN_CLIENT_REJECTED'
  | 'TOKEN_SCOPE_REJECTED'
  | 'TOKEN_REQUEST_REJECTED'
  | 'CONSENT_REQUIRED'
  | 'SIGNING_FAILED'
  | 'HANDSHAKE_FAILED'
  | 'HANDSHAKE_UNSUPPORTED_VERSION'
  | 'TOOLS_NOT_OFFERED'
  | 'TOOLS_LIST_FAILED'
  | 'TOOLS_LIST_TOO_LARGE';

export interface StepResult {
  step: ValidationStep;
  status: 'passed' | 'failed' | 'skipped';
  durationMs: number;
  code?: ValidationCode;
  message?: string;
}

/** How the peer speaks, kept with the service so that later connections spend no probe. */
export type ProtocolVerdict =
  | { kind: 'modern'; protocolVersion: string; discover: unknown }
  | { kind: 'legacy'; protocolVersion: string };

/** A tool as the server defined it, unknown members kept (a fingerprint covers them). */
export interface ToolDefinition {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: unknown;
  outputSchema?: unknown;
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean; [key: string]: unknown };
  [key: string]: unknown;
}

/** Something worth telling the operator that does not refuse the server. */
export interface ValidationWarning {
  code: WarningCode;
  message: string;
  toolName?: string;
}

export interface ValidationReport {
  valid: boolean;
  steps: StepResult[];
  warnings: ValidationWarning[];
  durationMs: number;
  verdict?: ProtocolVerdict;
  serverInfo?: { name: string; version: string };
  tools?: ToolDefinition[];
}

/** What it takes to reach one server. `authorizer` holds the credential: never log it. */
export interface ServerConnection {
  accountId: string;
  endpoint: string;
  authorizer: RequestAuthorizer;
  egress: Egress;
  /** What an earlier validation learned; probed when left out. */
  verdict?: ProtocolVerdict;
  signal?: AbortSignal;
}

import { McpError } from '../mcp/mcpError.ts';
import type { ValidationStep } from '../mcp/types.ts';
import { GatewayRefusal } from './refusal.ts';
import { RPC, RpcError } from './rpc.ts';

/** The call took longer than it may. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut';
}

/** The agent has cancelled the call, or is gone. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';
}

const CANNOT_BE_REACHED = 'cannot be reached';
const REFUSES_CREDENTIAL = "does not take Switchboard's credential: its operator has to replace it";

/** What an agent is told of a failure: enough to go on, nothing of addresses and credentials. */
const BY_STEP: Readonly<Record<ValidationStep, string>> = {
  url: CANNOT_BE_REACHED,
  address: CANNOT_BE_REACHED,
  tls: CANNOT_BE_REACHED,
  http: 'did not answer as it should',
  transport: 'did not answer as an MCP server does',
  credential: REFUSES_CREDENTIAL,
  handshake: 'did not answer as an MCP server does',
  tools: 'did not answer as an MCP server does',
};

/**
 * The error of a call as the agent gets it, when it is one of the call: `undefined` for a request that is refused, or
 * that could not be served. Whoever operates the server finds the cause in the invocation.
 */
export function agentError(error: unknown, server: string): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof McpError) {
    return gatewayError(error.code, `Server ${server} ${BY_STEP[error.step]}.`, server);
  }
  if (error instanceof CallTimedOut) {
    return gatewayError('CALL_TIMED_OUT', `Server ${server} did not answer in time.`, server);
  }
  if (error instanceof CallCancelled)
    return gatewayError('CALL_CANCELLED', 'The call was cancelled.', server);
  return undefined;
}

function gatewayError(code: string, message: string, server: string): RpcError {
  return new RpcError(RPC.GATEWAY, message, { code, server });
}

/** Of a failed call, what its invocation tells. */
export function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof McpError) return { code: error.code, message: error.message };
  if (error instanceof GatewayRefusal) return failureOf(error.error);
  if (error instanceof RpcError) {
    const code = error.data?.code;
    return { code: typeof code === 'string' ? code : String(error.code), message: error.message };
  }
  if (error instanceof CallTimedOut) return { code: 'CALL_TIMED_OUT', message: 'The call took too long.' };
  if (error instanceof CallCancelled) return { code: 'CALL_CANCELLED', message: 'The agent gave up.' };
  return { code: 'INTERNAL_ERROR', message: 'The call could not be made.' };
}

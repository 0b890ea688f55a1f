import type { AllowedTool } from '../associations/allowedTools.ts';
import { decode, mismatchedParam } from './paramHeaders.ts';
import { GatewayRefusal } from './refusal.ts';
import { isObject, RPC, RpcError } from './rpc.ts';
import type { AgentRequest } from './types.ts';

/**
 * Refuses a message whose `Mcp-Method` or `Mcp-Name` says something else: whatever let it through may have looked at
 * these. Earlier protocols have no such headers, but who puts them on is believed all the same.
 * @throws GatewayRefusal
 */
export function refuseMismatch(message: unknown, { headers }: AgentRequest): void {
  if (!isObject(message) || typeof message.method !== 'string') return;
  const { method, params } = message;
  const named = headers['mcp-method']?.trim();
  if (named !== undefined && named !== method) throw mismatch('Mcp-Method');
  if (method !== 'tools/call' || headers['mcp-name'] === undefined) return;
  if (decode(headers['mcp-name']) !== (isObject(params) ? params.name : undefined))
    throw mismatch('Mcp-Name');
}

/**
 * The same for the `Mcp-Param-*` headers of a call of 2026-07-28, for a tool that the agent may use.
 * @throws GatewayRefusal
 */
export function refuseParamMismatch(
  { definition }: AllowedTool,
  args: unknown,
  headers: AgentRequest['headers'],
): void {
  const header = mismatchedParam(definition.inputSchema, args, headers);
  if (header !== undefined) throw mismatch(header);
}

function mismatch(header: string): GatewayRefusal {
  const message = `Bad request: the header ${header} does not say what the message says.`;
  return new GatewayRefusal(400, new RpcError(RPC.HEADER_MISMATCH, message));
}

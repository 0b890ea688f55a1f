import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/server';
import { isObject, RPC, RpcError, type RpcId } from './rpc.ts';

/** A call as an agent asked for it. */
export interface CallParams {
  name: string;
  arguments: Record<string, unknown> | undefined;
  /** What is passed on of `_meta`: traces, the wish for log messages, and what agents make up. */
  meta: Readonly<Record<string, unknown>>;
  /** Under which the agent wants to hear of progress. */
  progressToken: RpcId | undefined;
}

/** Labels of prefixes that MCP keeps for itself ("_meta"): of these, an agent's are about the agent. */
const RESERVED: readonly string[] = ['modelcontextprotocol', 'mcp'];

/** @throws RpcError for params that are none of `tools/call` */
export function readCallParams(params: unknown): CallParams {
  if (!isObject(params) || typeof params.name !== 'string') {
    throw new RpcError(RPC.INVALID_PARAMS, 'Invalid params: name must be the name of a tool.');
  }
  const { name, arguments: args, _meta } = params;
  if (args !== undefined && !isObject(args)) {
    throw new RpcError(RPC.INVALID_PARAMS, 'Invalid params: arguments must be an object.');
  }
  const meta = isObject(_meta) ? _meta : {};
  const { progressToken: token } = meta;
  return {
    name,
    arguments: args,
    meta: passedOn(meta),
    progressToken: typeof token === 'string' || typeof token === 'number' ? token : undefined,
  };
}

/** Mostly nothing: what clients send is about themselves. */
function passedOn(meta: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.keys(meta).filter(isPassedOn);
  return Object.fromEntries(kept.map(member => [member, meta[member]]));
}

function isPassedOn(member: string): boolean {
  return member === LOG_LEVEL_META_KEY || (member !== 'progressToken' && !isReserved(member));
}

/** No pattern: one that looks for a label anywhere takes the square of a long name's length. */
function isReserved(member: string): boolean {
  const prefix = member.slice(0, Math.max(member.indexOf('/'), 0)).toLowerCase();
  return prefix.split('.').some(label => RESERVED.includes(label));
}

import type { InvocationFacts } from '../invocations/invocationFacts.ts';
import { failureOf } from './agentError.ts';
import type { GatewayRefusal } from './refusal.ts';
import { isObject, RPC } from './rpc.ts';
import type { ToolView } from './spaceView.ts';
import type { Agent, AgentRequest, GatewayDeps } from './types.ts';

/** How a call ended. */
export type CallEnd = Pick<InvocationFacts, 'outcome' | 'failure'>;

/** Who called what. */
interface Called {
  agent: Agent;
  /** As the agent asked for it. */
  name: string;
  requestId: string;
}

/**
 * Measures a call, and leaves its record.
 * @param began epoch milliseconds
 */
export function recordCall(
  { agent, name, requestId }: Called,
  found: ToolView | undefined,
  began: number,
  end: CallEnd,
  { now, invocations, measure }: GatewayDeps,
): void {
  const at = now();
  measure({
    kind: 'gatewayCall',
    agentSpaceId: agent.agentSpaceId,
    serverName: found?.server.name ?? '',
    ms: at - began,
    failed: end.failure !== undefined,
  });
  invocations.record({
    accountId: agent.accountId,
    agentSpaceId: agent.agentSpaceId,
    visibleName: name,
    ...(found && {
      serviceId: found.server.service.serviceId,
      serverName: found.server.name,
      endpoint: found.server.service.endpoint,
      toolName: found.tool.name,
      classification: found.tool.classification,
    }),
    caller: agent.caller,
    requestId,
    at,
    durationMs: at - began,
    ...end,
  });
}

/** Refusals of a space that is there, by the code in their `data`. */
const OF_THE_SPACE: readonly unknown[] = ['SPACE_DISABLED', 'NO_SUCH_SERVER'];

/** Leaves the record of a request that was refused before it was looked at as a call, where it is one. */
export function recordRefused(
  { error }: GatewayRefusal,
  message: unknown,
  agent: Agent,
  { requestId }: AgentRequest,
  deps: GatewayDeps,
): void {
  if (error.code !== RPC.HEADER_MISMATCH && !OF_THE_SPACE.includes(error.data?.code)) return;
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return;
  const { name } = message.params;
  if (typeof name !== 'string') return;
  recordCall(
    { agent, name, requestId },
    undefined,
    deps.now(),
    { outcome: 'refused', failure: failureOf(error) },
    deps,
  );
}

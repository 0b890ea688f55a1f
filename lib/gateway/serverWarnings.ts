import { agentError } from './agentError.ts';
import { disabled } from './connections.ts';
import type { ServerWarning } from './listTools.ts';
import type { GatewayParts } from './parts.ts';
import type { RpcError } from './rpc.ts';
import type { ServerView } from './spaceView.ts';
import type { Agent } from './types.ts';

/** Servers that calls would fail at now: a list leaves their tools out, and says so. */
export function warningsOf(
  servers: readonly ServerView[],
  agent: Agent,
  parts: GatewayParts,
): ServerWarning[] {
  return servers.flatMap(server => {
    const problem = problemOf(server, agent, parts);
    if (!problem) return [];
    return [{ server: server.name, code: String(problem.data?.code), message: problem.message }];
  });
}

function problemOf(
  { name, service: { serviceId, state } }: ServerView,
  { accountId }: Agent,
  { catalogues, breakers }: GatewayParts,
): RpcError | undefined {
  if (state === 'DISABLED') return disabled(name);
  const problem = catalogues.problemOf(accountId, serviceId);
  if (problem) return agentError(problem, name);
  return breakers.openError(`${accountId}/${serviceId}`, name);
}

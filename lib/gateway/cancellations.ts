import { CallCancelled } from './agentError.ts';
import type { RpcId } from './rpc.ts';
import type { Agent } from './types.ts';

/** Calls under way that their agents may cancel with a notification, which only earlier protocols have. */
export interface Cancellations {
  /** Runs a call; `cancel` of the same agent, session and id aborts it. */
  during<T>(whose: CallKey, controller: AbortController, call: () => Promise<T>): Promise<T>;
  /** Does nothing where no such call is under way in this process. */
  cancel(whose: CallKey): void;
}

/** What tells one call of an agent from another. */
export interface CallKey {
  agent: Agent;
  /** `Mcp-Session-Id`, which says nothing but this. */
  sessionId: string | undefined;
  id: RpcId;
}

export function createCancellations(): Cancellations {
  const calls = new Map<string, AbortController>();
  return {
    async during(whose, controller, call) {
      const key = keyOf(whose);
      calls.set(key, controller);
      try {
        return await call();
      } finally {
        if (calls.get(key) === controller) calls.delete(key);
      }
    },
    cancel: whose => calls.get(keyOf(whose))?.abort(new CallCancelled()),
  };
}

function keyOf({ agent, sessionId = '', id }: CallKey): string {
  return JSON.stringify([agent.accountId, agent.agentSpaceId, agent.caller.principalId, sessionId, id]);
}

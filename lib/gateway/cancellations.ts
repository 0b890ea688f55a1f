import { CallCancelled } from './agentError.ts';
import type { RpcId } from './rpc.ts';
import type { Agent } from './types.ts';

/** Calls under way that their agents may cancel with a notification, which only earlier protocols have. */
export interface Cancellations {
  /** Runs a call; `cancel` of the same agent, session and id aborts it. */
  during<T>(whose: CallKey, controller: AbortController, call: () => Promise<T>): Promise<T>;
  /** Asks elsewhere where no such call is under way in this process. */
  cancel(whose: CallKey): void;
  /** The same for a call that was asked for elsewhere, by the key that was told there. */
  cancelled(key: string): void;
}

/** What tells one call of an agent from another. */
export interface CallKey {
  agent: Agent;
  /** `Mcp-Session-Id`, which says nothing but this. */
  sessionId: string | undefined;
  id: RpcId;
}

/** @param elsewhere told of calls that are not under way here: other processes may have them */
export function createCancellations(elsewhere: (key: string) => void = () => {}): Cancellations {
  const calls = new Map<string, AbortController>();
  const abort = (key: string): boolean => {
    const call = calls.get(key);
    call?.abort(new CallCancelled());
    return call !== undefined;
  };
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
    cancel(whose) {
      const key = keyOf(whose);
      if (!abort(key)) elsewhere(key);
    },
    cancelled: key => void abort(key),
  };
}

function keyOf({ agent, sessionId = '', id }: CallKey): string {
  return JSON.stringify([agent.accountId, agent.agentSpaceId, agent.caller.principalId, sessionId, id]);
}

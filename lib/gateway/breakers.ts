import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { McpError } from '../mcp/mcpError.ts';
import type { ValidationStep } from '../mcp/types.ts';
import {
  FAILURES_TO_OPEN,
  HALF_OPEN_AFTER_MS,
  MAX_CALLS_PER_SERVER,
  MAX_WAITING_PER_SERVER,
} from './limits.ts';
import { RPC, RpcError } from './rpc.ts';

/** Servers that a process remembers the state of. */
const MAX_SERVERS = 10_000;

/** Failures that show a server to be down, rather than a call to be wrong. */
const DOWN: readonly ValidationStep[] = ['address', 'tls', 'http'];

/** Keeps a server that hangs or is down from holding up more than its share. */
export interface Breakers {
  /**
   * Runs a call of a server.
   * @throws RpcError at once where the server is known to be down, or where too many calls wait for it already
   */
  run<T>(server: string, name: string, call: () => Promise<T>): Promise<T>;
  /** What calls are refused with, while they are refused without being tried. */
  openError(server: string, name: string): RpcError | undefined;
}

/** One breaker and one bulkhead for each server of an account, in this process. */
export function createBreakers(): Breakers {
  const guards = new LRUCache<string, Guard>({ max: MAX_SERVERS });
  return {
    async run(server, name, call) {
      const guard = guards.get(server) ?? newGuard();
      guards.set(server, guard);
      try {
        return await guard.slots.execute(() => guard.breaker.execute(call));
      } catch (error) {
        throw explained(error, name);
      }
    },
    openError: (server, name) =>
      guards.peek(server)?.breaker.state === CircuitState.Open ? downError(name) : undefined,
  };
}

type Guard = ReturnType<typeof newGuard>;

function newGuard() {
  return {
    slots: bulkhead(MAX_CALLS_PER_SERVER, MAX_WAITING_PER_SERVER),
    breaker: circuitBreaker(handleWhen(isDown), {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    }),
  };
}

/** Whether a failure says that the server is down. */
export function isDown(error: unknown): boolean {
  return error instanceof McpError && DOWN.includes(error.step);
}

function explained(error: unknown, name: string): unknown {
  if (error instanceof BrokenCircuitError) return downError(name);
  if (!(error instanceof BulkheadRejectedError)) return error;
  const message = `Server ${name} is busy: ${MAX_CALLS_PER_SERVER} calls are under way and ${MAX_WAITING_PER_SERVER} wait. Try again.`;
  return new RpcError(RPC.GATEWAY, message, { code: 'SERVER_BUSY' });
}

function downError(name: string): RpcError {
  const message = `Server ${name} has failed ${FAILURES_TO_OPEN} times in a row and is left alone for some seconds.`;
  return new RpcError(RPC.GATEWAY, message, { code: 'SERVER_DOWN' });
}

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
import { orAborted } from '../egress/requestSignal.ts';
import { McpError } from '../mcp/mcpError.ts';
import type { ValidationCode, ValidationStep } from '../mcp/types.ts';
import {
  FAILURES_TO_OPEN,
  HALF_OPEN_AFTER_MS,
  MAX_CALLS_PER_SERVER,
  MAX_WAITING_PER_SERVER,
  SHOWN_BACK_MS,
} from './limits.ts';
import { RPC, RpcError } from './rpc.ts';
import { ServerAway } from './upstream/answer.ts';

/** Servers that a process remembers the state of. */
const MAX_SERVERS = 10_000;

/** Failures that show a server to be down, rather than a call to be wrong. */
const DOWN: readonly ValidationStep[] = ['address', 'tls', 'http'];

const OF_THE_CALL: readonly ValidationCode[] = ['HTTP_RESPONSE_TOO_LARGE', 'HTTP_SERVER_ERROR'];

/** Keeps a server that hangs or is down from holding up more than its share. */
export interface Breakers {
  /**
   * Runs a call of a server; gives up waiting for its turn when the signal aborts.
   * @throws RpcError at once where the server is known to be down, or where too many calls wait for it already
   */
  run<T>(server: string, name: string, signal: AbortSignal, call: () => Promise<T>): Promise<T>;
  /** What calls are refused with, while they are refused without being tried. */
  openError(server: string, name: string): RpcError | undefined;
}

/** One breaker and one bulkhead for each server of an account, in this process. */
export function createBreakers(): Breakers {
  const guards = new LRUCache<string, Guard>({ max: MAX_SERVERS });
  return {
    async run(server, name, signal, call) {
      const guard = guards.get(server) ?? newGuard();
      guards.set(server, guard);
      try {
        const inTurn = () => {
          // Its agent may have left while it waited.
          signal.throwIfAborted();
          return call();
        };
        return await orAborted(
          guard.slots.execute(() => guarded(guard, inTurn)),
          signal,
        );
      } catch (error) {
        throw explained(error, name);
      }
    },
    openError(server, name) {
      const guard = guards.peek(server);
      return guard && isOpen(guard) ? downError(name) : undefined;
    },
  };
}

type Guard = ReturnType<typeof newGuard>;

function newGuard() {
  const breaker = circuitBreaker(handleWhen(isDown), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const guard = { slots: bulkhead(MAX_CALLS_PER_SERVER, MAX_WAITING_PER_SERVER), breaker, openedAt: 0 };
  breaker.onBreak(() => {
    // By the clock that the breaker itself goes by.
    guard.openedAt = Date.now();
  });
  return guard;
}

/** Runs a call through the breaker. */
function guarded<T>({ breaker }: Guard, call: () => Promise<T>): Promise<T> {
  return breaker.state === CircuitState.Closed ? breaker.execute(call) : afterBreak(breaker, call);
}

/**
 * The others wait for what the first call shows, which may be a long one: when it has gone on for a while, the server is
 * there.
 */
async function afterBreak<T>(breaker: Guard['breaker'], call: () => Promise<T>): Promise<T> {
  const [running] = await breaker.execute(async () => {
    const begun = call();
    await Promise.race([begun, after(SHOWN_BACK_MS)]);
    return [begun] as const;
  });
  return running;
}

function after(ms: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, ms).unref());
}

/** The breaker stays open until a call tries: when that is due, tools must be seen, or nobody calls. */
function isOpen({ breaker, openedAt }: Guard): boolean {
  return breaker.state === CircuitState.Open && Date.now() - openedAt < HALF_OPEN_AFTER_MS;
}

/**
 * Whether a failure says that the server is down. How much it answers with is the call's own doing, and so is an error
 * that its own code runs into: one agent's arguments must not take it from the others.
 */
export function isDown(error: unknown): boolean {
  if (error instanceof ServerAway) return true;
  return error instanceof McpError && DOWN.includes(error.step) && !OF_THE_CALL.includes(error.code);
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

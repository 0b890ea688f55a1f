import { createInvocationLog, type InvocationLog } from '../invocations/invocationLog.ts';
import { structuredLog } from '../log/structuredLog.ts';
import { coreDeps } from './core.ts';
import { once } from './once.ts';
import { provided } from './provided.ts';

/** The process's log of tool calls, made at its first use. */
export const invocationLog = once((): InvocationLog => {
  const deps = { ...coreDeps(), log: provided.log ?? structuredLog() };
  return createInvocationLog(deps, { flushEveryMs: provided.flushInvocationsEveryMs });
});

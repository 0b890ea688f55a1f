import { AsyncLocalStorage } from 'node:async_hooks';

/** What the process is doing for whom: a function of functions/, at work on one request. */
export interface Scope {
  functionName: string;
  requestId: string;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs `work` so that everything it begins is known to belong to the scope. */
export function inScope<T>(scope: Scope, work: () => T): T {
  return scopes.run(scope, work);
}

/** What this code runs for; `undefined` beyond a function's handler. */
export function currentScope(): Scope | undefined {
  return scopes.getStore();
}

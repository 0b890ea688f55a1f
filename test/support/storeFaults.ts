import type { App } from './app.ts';

/** A request to the store. */
export interface StoreRequest {
  /** Without `Command`. */
  command: string;
  /** Everything that was asked for, as JSON. */
  input: string;
}

/** What becomes of a request: `fail`, or an error, and it never reaches the store; a promise holds back its answer. */
export type StoreFault = (request: StoreRequest) => 'fail' | Error | Promise<void> | undefined;

const NAME = 'storeFault';

/** Reads alone, those that change nothing. */
export const isRead = ({ command }: StoreRequest) => /Get|Query/.test(command);

/** Has requests of the app's store fail, or wait, until the function that it answers with is called. */
export function injectStoreFault(app: App, fault: StoreFault): () => void {
  const { middlewareStack } = app.deps.store;
  middlewareStack.add(
    (next, { commandName = '' }) =>
      async args => {
        const verdict = fault({
          command: commandName.replace(/Command$/, ''),
          input: JSON.stringify(args.input),
        });
        if (verdict === 'fail') throw new Error('The store is away.');
        if (verdict instanceof Error) throw verdict;
        const result = await next(args);
        await verdict;
        return result;
      },
    { step: 'initialize', name: NAME },
  );
  return () => void middlewareStack.remove(NAME);
}

import type { App } from '../support/app.ts';

/** Requests by which operations read what they decide on. */
type Reading = 'GetItemCommand' | 'TransactGetItemsCommand';

/**
 * Lets something happen at the worst moment: after the next request of this kind was answered, before the
 * operation that sent it goes on. Resolves when it has happened.
 */
export function afterNext({ deps }: App, command: Reading, work: () => Promise<unknown>): Promise<void> {
  const done = Promise.withResolvers<void>();
  const name = `afterNext ${crypto.randomUUID()}`;
  deps.store.middlewareStack.add(
    (next, context) => async args => {
      const answer = await next(args);
      if (context.commandName !== command) return answer;
      deps.store.middlewareStack.remove(name);
      await work().then(() => done.resolve(), done.reject);
      return answer;
    },
    { step: 'initialize', name },
  );
  return done.promise;
}

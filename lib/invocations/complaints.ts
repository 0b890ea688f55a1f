import type { Deps } from '../context.ts';
import type { Log } from '../log/fields.ts';

/** Milliseconds between two lines of one event. */
const EVERY_MS = 60_000;

/** A log for what may go wrong thousands of times a second: each event once a minute, the first time at once. */
export function complaints({ log, now }: Pick<Deps, 'now'> & { log: Log }): Log {
  const told = new Map<string, number>();
  return (event, fields) => {
    const last = told.get(event);
    if (last !== undefined && now() - last < EVERY_MS) return;
    told.set(event, now());
    log(event, fields);
  };
}

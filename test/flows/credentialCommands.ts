import * as fc from 'fast-check';

/** How a server is to be let in; numbers choose among the ids there are, or were. */
export type Method = 'client' | 'consent' | 'discovery';

export type Command =
  | { kind: 'register'; name: string; by: Method }
  | { kind: 'rotate'; service: number; by: Method }
  | { kind: 'finish'; consent: number }
  | { kind: 'describe' | 'validate' | 'deregister'; service: number };

const choice = fc.nat({ max: 99 });
const by = fc.constantFrom<Method>('client', 'consent', 'discovery');
/** Few, so that names meet; two are the same but for case. */
const name = fc.constantFrom('a', 'A', 'b', 'c');

const one = (arbitrary: fc.Arbitrary<Command>, weight: number) => ({ arbitrary, weight });
const about = <K extends 'describe' | 'validate' | 'deregister'>(kind: K) =>
  fc.record({ kind: fc.constant(kind), service: choice });

const command: fc.Arbitrary<Command> = fc.oneof(
  one(fc.record({ kind: fc.constant('register' as const), name, by }), 4),
  one(fc.record({ kind: fc.constant('rotate' as const), service: choice, by }), 4),
  one(fc.record({ kind: fc.constant('finish' as const), consent: choice }), 5),
  one(about('describe'), 3),
  one(about('validate'), 3),
  one(about('deregister'), 1),
);

/** Batches of commands that run at once: one to five. */
export const batches: fc.Arbitrary<Command[][]> = fc.array(
  fc.array(command, { minLength: 1, maxLength: 5, size: 'max' }),
  { minLength: 1, maxLength: 12, size: 'max' },
);

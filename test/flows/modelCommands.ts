import * as fc from 'fast-check';

/** What a caller may do; numbers choose among the ids there are, or were. */
export type Command =
  | { kind: 'register'; name: string }
  | { kind: 'deregister'; service: number }
  | { kind: 'create' }
  | { kind: 'delete'; space: number }
  | { kind: 'associate' | 'update'; space: number; service: number; tools: string[] }
  | { kind: 'disassociate'; space: number; service: number };

/** Some are the same but for case, some begin others. */
const NAMES = ['a', 'A', 'a_b', 'A_B_c', 'a_c', 'ab', 'b', 'b_c', 'B-c', 'd', 'e', 'f_'];

export const TOOLS = ['echo', 'add', 'write_note'];

const choice = fc.nat({ max: 99 });
const name = fc.constantFrom(...NAMES);
const tools = fc.shuffledSubarray(TOOLS);

const one = (arbitrary: fc.Arbitrary<Command>, weight: number) => ({ arbitrary, weight });

const command: fc.Arbitrary<Command> = fc.oneof(
  one(fc.record({ kind: fc.constant('register' as const), name }), 4),
  one(fc.record({ kind: fc.constant('deregister' as const), service: choice }), 3),
  one(fc.constant({ kind: 'create' as const }), 2),
  one(fc.record({ kind: fc.constant('delete' as const), space: choice }), 1),
  one(fc.record({ kind: fc.constant('associate' as const), space: choice, service: choice, tools }), 8),
  one(fc.record({ kind: fc.constant('update' as const), space: choice, service: choice, tools }), 4),
  one(fc.record({ kind: fc.constant('disassociate' as const), space: choice, service: choice }), 4),
);

/** Batches of commands that run at once: one to eight. */
export const batches: fc.Arbitrary<Command[][]> = fc.array(
  fc.array(command, { minLength: 1, maxLength: 8, size: 'max' }),
  { minLength: 1, maxLength: 20, size: 'max' },
);

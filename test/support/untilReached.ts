import * as fc from 'fast-check';
import { expect } from 'vitest';
import { propertySeed } from './propertySeed.ts';

/** A property that runs commands, and keeps count of them and of what came of them. */
export interface CommandProperty {
  property: fc.IAsyncProperty<[unknown]>;
  /** Commands that have been run. */
  commands: () => number;
  outcomes: ReadonlySet<string>;
}

/** How long it goes on, and how each round is run. */
export interface Rounds {
  commands: number;
  /** Outcomes that the commands must have come to. */
  toReach: readonly string[];
  numRuns: number;
  /** Milliseconds: shrinking a failure ends in time to be told. */
  roundMs: number;
}

/**
 * Asserts a property under one seed after the other, until so many commands were run and each outcome was reached:
 * chance alone must not leave one out, but five times the commands do not either.
 */
export async function assertUntilReached(
  { property, commands, outcomes }: CommandProperty,
  { commands: wanted, toReach, numRuns, roundMs }: Rounds,
): Promise<void> {
  const missing = () => toReach.filter(outcome => !outcomes.has(outcome));
  const goesOn = () => commands() < wanted || (missing().length > 0 && commands() < 5 * wanted);
  for (let seed = propertySeed; goesOn(); seed++) {
    await fc.assert(property, {
      seed,
      numRuns,
      interruptAfterTimeLimit: roundMs,
      markInterruptAsFailure: true,
    });
  }
  expect(missing()).toEqual([]);
}

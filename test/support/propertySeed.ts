import * as fc from 'fast-check';

/** One seed for everyone: a change fails for what it did, not for its luck. `npm run test:properties` draws others. */
export const propertySeed = process.env.PROPERTY_SEED === 'random' ? Date.now() % 2 ** 30 : 20_261_125;

fc.configureGlobal({ seed: propertySeed, numRuns: Number(process.env.PROPERTY_RUNS ?? 100) });

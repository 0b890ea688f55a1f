import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [
      'test/support/propertySeed.ts',
      'test/support/afterEachFile.ts',
      'test/support/iam/underRoles.ts',
    ],
    // Generous: a busy machine is slow, and no test is about time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make timings noisier.
    maxWorkers: 2,
  },
});

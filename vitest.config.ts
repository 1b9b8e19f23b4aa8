import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    // one PostgreSQL for the whole run; each file works in a database of its own
    globalSetup: 'tests/support/global-setup.ts',
    pool: 'forks',
    // a process does one file after the other: loading the panel and its packages costs more than most files
    isolate: false,
    // one more than there are cores, because tests of processes mostly wait
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'rules-examples/**/*.test.ts'],
    pool: 'forks',
    globalSetup: ['test/build-guest.ts', 'test/build-explorer.ts', 'test/build-playground.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

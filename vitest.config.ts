import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // The examples read as they would in a project of their own, and run on the sources.
    alias: {
      'claimsmith/testing/vitest': fileURLToPath(new URL('src/testing/setup/vitest.ts', import.meta.url)),
      'claimsmith/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)),
    },
  },
  test: {
    include: ['test/**/*.test.ts', 'rules-examples/**/*.test.ts'],
    pool: 'forks',
    globalSetup: ['test/build-guest.ts', 'test/build-explorer.ts', 'test/build-playground.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

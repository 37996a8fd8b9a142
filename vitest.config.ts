import { fileURLToPath } from 'node:url'
import { type TestProjectInlineConfiguration, defineConfig } from 'vitest/config'

declare module 'vitest' {
  interface ProvidedContext {
    /** The databases that `test/store/databases.ts` gives to the tests of a project. */
    databases: 'sqlite' | 'postgres' | 'every'
    /** How often the battery runs each hostile case. */
    repeats: number
    /** Whether the battery runs each case in its first variant, or in all of them. */
    variants: 'first' | 'all'
  }
}

type Project = NonNullable<TestProjectInlineConfiguration['test']>

const suffixes = { all: 'test/**/*.all.test.ts', nightly: 'test/**/*.nightly.test.ts' }
const databases = 'test/**/*.databases.test.ts'
const battery = 'test/battery/**/*.battery.test.ts'
const listSetupFiles = (...names: readonly string[]): string[] => names.map((name) => `test/setup/${name}.ts`)

/** What `npm test` runs: tests of every folder of `src/`, in processes that files share. */
const fast: Project = {
  name: 'fast',
  include: ['test/**/*.test.ts', 'rules-examples/**/*.test.ts'],
  exclude: [...Object.values(suffixes), battery],
  isolate: false,
  globalSetup: listSetupFiles('build-sandbox', 'build-explorer', 'build-playground'),
  provide: { databases: 'sqlite', repeats: 1, variants: 'first' },
}

/** What `npm run test:all` adds: processes, browsers, packages as installed, slow variants of fast tests, and each hostile case once. */
const all: Project = {
  name: 'all',
  include: [suffixes.all, battery],
  globalSetup: listSetupFiles('build-package', 'report-missing'),
  provide: { databases: 'every', repeats: 1, variants: 'first' },
}

/** The tests of stores once more, on PostgreSQL. */
const postgres: Project = {
  name: 'postgres',
  include: [databases],
  isolate: false,
  globalSetup: listSetupFiles('build-sandbox'),
  provide: { databases: 'postgres', repeats: 1, variants: 'first' },
}

/** What `npm run test:nightly` adds: repeats, fuzz, load, soak, and the rules of others. */
const nightly: Project = {
  name: 'nightly',
  include: [suffixes.nightly, battery],
  globalSetup: listSetupFiles('build-package', 'report-missing-corpus'),
  provide: { databases: 'every', repeats: 5, variants: 'all' },
}

export default defineConfig({
  resolve: {
    // The examples read as they would in a project of their own, and run on the sources.
    alias: {
      'claimsmith/testing/vitest': fileURLToPath(new URL('src/testing/setup/vitest.ts', import.meta.url)),
      'claimsmith/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)),
    },
  },
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    sequence: { shuffle: true },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [fast, all, postgres, nightly].map((test) => ({ extends: true, test: { ...test } })),
  },
})

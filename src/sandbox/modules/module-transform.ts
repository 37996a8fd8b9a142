/**
 * What esbuild does to every file that runs in a realm: those that the build prepares, and those of a user's packages.
 *
 * A realm parses all of them before its first login, so white space is left out. Names stay, because stack traces show them.
 */
export const moduleTransform = {
  target: 'es2024',
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'silent',
  define: {
    global: 'globalThis',
    process: '__scope.process',
    crypto: '__scope.crypto',
    performance: '__scope.performance',
  },
} as const

/** The globals of modules that are not globals of rules. Linked code holds those that it names as getters of `__scope`. */
export const scopeGlobals: Readonly<Record<string, string>> = {
  process: `require('process')`,
  crypto: `require('claimsmith:webcrypto').crypto`,
  performance: `require('perf_hooks').performance`,
}

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

/** The globals of modules that are not globals of rules: by name, where a getter of `__scope` takes it from. */
const scopeMembers = {
  process: { specifier: 'process', member: '' },
  crypto: { specifier: 'claimsmith:webcrypto', member: '.crypto' },
  performance: { specifier: 'perf_hooks', member: '.performance' },
} as const

/** Defines `__scope`, by means of the `require` of the same script. */
export const scopeCode: string = `const __scope={${Object.entries(scopeMembers)
  .map(([name, { specifier, member }]) => `get ${name}(){return require('${specifier}')${member}}`)
  .join()}}`

/** Lists the modules behind the members of `__scope` that transformed code uses. */
export function listScopeModules(code: string): string[] {
  return Object.entries(scopeMembers)
    .filter(([name]) => code.includes(`__scope.${name}`))
    .map(([, { specifier }]) => specifier)
}

/** Checks whether a specifier is one that the getters of `__scope` require. */
export function isScopeModule(specifier: string): boolean {
  return Object.values(scopeMembers).some((one) => one.specifier === specifier)
}

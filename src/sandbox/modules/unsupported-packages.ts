/** A package that cannot run in a sandbox. */
interface UnsupportedPackage {
  readonly reason: string
  /** What can run in its place. */
  readonly alternative?: string
  /** A function of a host module, as an example. */
  readonly example: string
  /**
   * Whether it is refused even if it is installed. Another one is only refused if native code is what is installed: a project
   * may have bcryptjs under the name of bcrypt.
   */
  readonly isAlwaysRefused?: boolean
}

const nativeCode = 'it is native code, which cannot run in a sandbox'
const exampleOfDatabase = 'find: async (id) => …'
const nativeDatabase = { reason: nativeCode, example: exampleOfDatabase } as const

const unsupportedPackages: Readonly<Record<string, UnsupportedPackage>> = {
  argon2: { reason: nativeCode, example: 'verify: async (hash, text) => …' },
  bcrypt: { reason: nativeCode, alternative: 'bcryptjs', example: 'compare: async (text, hash) => …' },
  'better-sqlite3': nativeDatabase,
  canvas: { reason: nativeCode, example: 'draw: async (text) => …' },
  couchbase: { ...nativeDatabase, isAlwaysRefused: true },
  ibm_db: nativeDatabase,
  libxmljs: { reason: nativeCode, alternative: '@xmldom/xmldom and xpath', example: 'parse: async (xml) => …' },
  libxmljs2: { reason: nativeCode, alternative: '@xmldom/xmldom and xpath', example: 'parse: async (xml) => …' },
  msnodesqlv8: { ...nativeDatabase, alternative: 'tedious' },
  'node-cassandra-cql': {
    reason: 'it is abandoned, and current servers do not support its protocol',
    alternative: 'cassandra-driver',
    example: exampleOfDatabase,
    isAlwaysRefused: true,
  },
  odbc: nativeDatabase,
  oracledb: {
    reason: 'it needs native code and files, which a sandbox does not have',
    example: exampleOfDatabase,
    isAlwaysRefused: true,
  },
  re2: { reason: nativeCode, example: 'match: async (text) => …' },
  sharp: { reason: nativeCode, example: 'resize: async (image) => …' },
  sqlite3: nativeDatabase,
}

/** Explains why a package cannot run, and what can run in its place; undefined if the package is not known for that. */
export function explainUnsupported(name: string): string | undefined {
  const known = findUnsupported(name)
  if (known === undefined) return undefined
  const alternative = known.alternative === undefined ? '' : `; use ${known.alternative}`
  return `${known.reason}${alternative}; ${describeHostModule(name)}`
}

/** Whether a package is refused even if it is installed. */
export function isAlwaysRefused(name: string): boolean {
  return findUnsupported(name)?.isAlwaysRefused === true
}

/** Explains that an installed package has native code in a file or package of the name `addon`. */
export function explainNativeAddon(name: string, addon: { readonly label: string; readonly owner: string }): string {
  const alternative = findUnsupported(addon.owner)?.alternative ?? 'a package that is plain JavaScript'
  return `it holds machine code (${addon.label}), which cannot run in a sandbox; use ${alternative}; ${describeHostModule(name)}`
}

function describeHostModule(name: string): string {
  const example = findUnsupported(name)?.example ?? 'call: async (input) => …'
  return `or offer the functions that rules need from it: createEngine({ modules: { ${JSON.stringify(name)}: { ${example} } } })`
}

function findUnsupported(name: string): UnsupportedPackage | undefined {
  return Object.hasOwn(unsupportedPackages, name) ? unsupportedPackages[name] : undefined
}

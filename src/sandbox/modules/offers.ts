/** Names that Auth0 put into the scope of rules, each with the code that gives its value; it is asked for by rules that name it. */
export const moduleGlobals: Readonly<Record<string, string>> = {
  _: `require('lodash')`,
  async: `require('async')`,
  Auth0: `require('auth0')`,
  azure_storage: `require('azure-storage')`,
  bcrypt: `require('bcrypt')`,
  couchbase: `require('couchbase')`,
  cql: `require('node-cassandra-cql')`,
  crypto: `require('claimsmith:rule-crypto').crypto`,
  ip: `require('claimsmith:rule-ip').ip`,
  jwt: `require('claimsmith:rule-jwt').jwt`,
  Knex: `require('knex')`,
  mongo: `require('mongo-getdb')`,
  mysql: `(({ createConnection }) => (options) => createConnection(options))(require('mysql'))`,
  mysql_pool: `(({ createPool }) => (options) => createPool(options))(require('mysql'))`,
  ObjectID: `require('mongodb').ObjectID || require('mongodb').ObjectId`,
  pbkdf2: `require('easy-pbkdf2')()`,
  pg: `require('pg')`,
  postgres: `require('claimsmith:rule-postgres').postgres(require('pg'))`,
  process: `require('process')`,
  Pubnub: `require('pubnub')`,
  q: `require('q')`,
  querystring: `require('querystring')`,
  request: `require('request')`,
  sqlserver: `require('claimsmith:rule-sqlserver').sqlserver(require('tedious'))`,
  uuid: requireFor('uuid'),
  xml2js: `require('xml2js')`,
  xmldom: `require('xmldom')`,
  xpath: `require('xpath')`,
  xtend: `require('xtend')`,
}

/**
 * Packages that rules find without installing them: the dependencies of ours that Auth0 put into the scope of rules. Nothing
 * else that is installed for claimsmith, or for the project that embeds it, is there for rules.
 */
export const offeredPackages: readonly string[] =
  '@xmldom/xmldom async jsonwebtoken lodash pg q uuid xpath xtend'.split(' ')

export function isOffered(name: string): boolean {
  return offeredPackages.includes(name)
}

/** Packages that speak to databases in a way that a sandbox does not have, and why. */
const refusedDrivers: Readonly<Record<string, string>> = {
  couchbase: 'it is machine code, which cannot run in a sandbox',
  'node-cassandra-cql': 'it has been abandoned, and servers of today do not understand it; use cassandra-driver',
  oracledb: 'it looks for machine code and files, which a sandbox does not have',
}

/** Why a package cannot be had, where it is such a driver, and what is to be had instead. */
export function driverReason(name: string): string | undefined {
  if (!Object.hasOwn(refusedDrivers, name)) return undefined
  return `${refusedDrivers[name]}; or offer what rules need of it from outside: createEngine({ modules: { ${JSON.stringify(name)}: { find: async (id) => … } } })`
}

/** The package behind a name of Auth0's; undefined where it is of our own. */
export function packageBehind(name: string): string | undefined {
  return /require\('([^':]+)'\)/.exec(moduleGlobals[name] ?? '')?.[1]
}

/** The same for a name of Auth0's. */
export function driverBehind(name: string): string | undefined {
  return driverReason(packageBehind(name) ?? '')
}

/** The code that gives a rule a module: as it is, or as rules have always used it. */
export function requireFor(target: string): string {
  if (target === 'uuid') return `require('claimsmith:rule-uuid').callable(require('uuid'))`
  if (target === '@xmldom/xmldom') return `require('claimsmith:rule-xmldom').withDefaultType(require('@xmldom/xmldom'))`
  return `require(${JSON.stringify(target)})`
}

/** Node's modules that rules and their modules find: files of the guest's, or packages that do the same without Node. */
export const nodeModules: Readonly<Record<string, { readonly file: string } | { readonly package: string }>> = {
  assert: { package: 'assert/' },
  buffer: { file: 'buffer.cjs' },
  crypto: { file: 'crypto.cjs' },
  diagnostics_channel: { file: 'diagnostics-channel.cjs' },
  dns: { file: 'dns.cjs' },
  'dns/promises': { file: 'dns-promises.cjs' },
  events: { package: 'events/' },
  http: { file: 'http.cjs' },
  https: { file: 'https.cjs' },
  net: { file: 'net.cjs' },
  os: { file: 'os.cjs' },
  path: { package: 'path-browserify' },
  perf_hooks: { file: 'perf-hooks.cjs' },
  process: { file: 'process.cjs' },
  punycode: { package: 'punycode/' },
  querystring: { package: 'querystring/' },
  stream: { package: 'readable-stream/lib/stream.js' },
  'stream/promises': { package: 'readable-stream/lib/stream/promises.js' },
  string_decoder: { package: 'string_decoder/' },
  timers: { file: 'timers.cjs' },
  'timers/promises': { file: 'timers-promises.cjs' },
  tls: { file: 'tls.cjs' },
  tty: { file: 'tty.cjs' },
  url: { file: 'url.cjs' },
  util: { file: 'util.cjs' },
  'util/types': { package: 'util/support/types.js' },
  zlib: { file: 'zlib.cjs' },
}

/** Packages that cannot be had as they are: files of the guest's that do the same over the guarded network. */
export const ownPackages: Readonly<Record<string, string>> = {
  xmldom: 'xmldom.cjs',
  request: 'request.cjs',
  'request-promise': 'request-promise.cjs',
  'request-promise-native': 'request-promise.cjs',
}

/** Node's modules that no rule may require; modules that mention them get one whose every use fails. */
export const refusedNodeModules: readonly string[] = (
  'async_hooks child_process cluster console constants dgram domain fs fs/promises ' +
  'http2 inspector module readline repl sqlite sys test trace_events v8 vm wasi worker_threads'
).split(' ')

/** Packages that go by another name here: what was abandoned is replaced by what carries it on. */
export const successors: Readonly<Record<string, string>> = { xmldom: '@xmldom/xmldom' }

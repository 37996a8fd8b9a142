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
  uuid: buildRequire('uuid'),
  xml2js: `require('xml2js')`,
  xmldom: `require('xmldom')`,
  xpath: `require('xpath')`,
  xtend: `require('xtend')`,
}

/**
 * Packages that rules find without installing them: the dependencies of ours that Auth0 put into the scope of rules. Nothing
 * else that is installed for claimsmith, or for the project that embeds it, is there for rules.
 */
export const providedPackages: readonly string[] =
  '@xmldom/xmldom async jsonwebtoken lodash pg q uuid xpath xtend'.split(' ')

export function isProvided(name: string): boolean {
  return providedPackages.includes(name)
}

/** Packages that speak to databases in a way that a sandbox does not have, and why. */
const unsupportedDrivers: Readonly<Record<string, string>> = {
  couchbase: 'it is machine code, which cannot run in a sandbox',
  'node-cassandra-cql': 'it has been abandoned, and servers of today do not understand it; use cassandra-driver',
  oracledb: 'it looks for machine code and files, which a sandbox does not have',
}

/** Why a package cannot be had, where it is such a driver, and what is to be had instead. */
export function explainDriver(name: string): string | undefined {
  if (!Object.hasOwn(unsupportedDrivers, name)) return undefined
  return `${unsupportedDrivers[name]}; or offer what rules need of it from outside: createEngine({ modules: { ${JSON.stringify(name)}: { find: async (id) => … } } })`
}

/** The package behind a name of Auth0's; undefined where it is of our own. */
export function findPackage(name: string): string | undefined {
  return /require\('([^':]+)'\)/.exec(moduleGlobals[name] ?? '')?.[1]
}

/** The same for a name of Auth0's. */
export function explainGlobalDriver(name: string): string | undefined {
  return explainDriver(findPackage(name) ?? '')
}

/** The code that gives a rule a module: as it is, or as rules have always used it. */
export function buildRequire(target: string): string {
  if (target === 'uuid') return `require('claimsmith:rule-uuid').callable(require('uuid'))`
  if (target === '@xmldom/xmldom') return `require('claimsmith:rule-xmldom').withDefaultType(require('@xmldom/xmldom'))`
  return `require(${JSON.stringify(target)})`
}

/** Node's modules that rules and their modules find: files of ours, or packages that do the same without Node. Paths begin at the sandbox's folder. */
export const nodeModules: Readonly<Record<string, { readonly file: string } | { readonly package: string }>> = {
  assert: { package: 'assert/' },
  buffer: { file: 'guest/node/buffer.cjs' },
  crypto: { file: 'guest/node/crypto.cjs' },
  diagnostics_channel: { file: 'guest/node/diagnostics-channel.cjs' },
  dns: { file: 'net/guest/dns.cjs' },
  'dns/promises': { file: 'net/guest/dns-promises.cjs' },
  events: { package: 'events/' },
  http: { file: 'guest/node/http.cjs' },
  https: { file: 'guest/node/https.cjs' },
  net: { file: 'net/guest/net.cjs' },
  os: { file: 'guest/node/os.cjs' },
  path: { package: 'path-browserify' },
  perf_hooks: { file: 'guest/node/perf-hooks.cjs' },
  process: { file: 'guest/node/process.cjs' },
  punycode: { package: 'punycode/' },
  querystring: { package: 'querystring/' },
  stream: { package: 'readable-stream/lib/stream.js' },
  'stream/promises': { package: 'readable-stream/lib/stream/promises.js' },
  string_decoder: { package: 'string_decoder/' },
  timers: { file: 'guest/node/timers.cjs' },
  'timers/promises': { file: 'guest/node/timers-promises.cjs' },
  tls: { file: 'net/guest/tls.cjs' },
  tty: { file: 'guest/node/tty.cjs' },
  url: { file: 'guest/node/url.cjs' },
  util: { file: 'guest/node/util.cjs' },
  'util/types': { package: 'util/support/types.js' },
  zlib: { file: 'guest/node/zlib.cjs' },
}

/** Packages that cannot be had as they are: files of ours that do the same over the guarded network. */
export const packageShims: Readonly<Record<string, string>> = {
  xmldom: 'guest/node/xmldom.cjs',
  request: 'guest/node/request.cjs',
  'request-promise': 'guest/node/request-promise.cjs',
  'request-promise-native': 'guest/node/request-promise.cjs',
}

/** Node's modules that no rule may require; modules that mention them get one whose every use fails. */
export const unsupportedNodeModules: readonly string[] = (
  'async_hooks child_process cluster console constants dgram domain fs fs/promises ' +
  'http2 inspector module readline repl sqlite sys test trace_events v8 vm wasi worker_threads'
).split(' ')

/** Packages that go by another name here: what was abandoned is replaced by what carries it on. */
export const packageSuccessors: Readonly<Record<string, string>> = { xmldom: '@xmldom/xmldom' }

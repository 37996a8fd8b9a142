/** Globals that Auth0 defines for rules, each with the expression of its value. A ruleset gets those that it uses. */
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
 * Packages that rules can require without installing them: those of our dependencies that Auth0 provides to rules. Rules see
 * no other dependency of claimsmith, or of the project that embeds it.
 */
export const providedPackages: readonly string[] =
  '@xmldom/xmldom async jsonwebtoken lodash pg q uuid xpath xtend'.split(' ')

export function isProvided(name: string): boolean {
  return providedPackages.includes(name)
}

/** Finds the package of one of Auth0's globals; undefined if our own code provides it. */
export function findPackage(name: string): string | undefined {
  return /require\('([^':]+)'\)/.exec(moduleGlobals[name] ?? '')?.[1]
}

/** Builds the expression that requires a module. Some are wrapped, because rules use the API of an old version. */
export function buildRequire(target: string): string {
  if (target === 'uuid') return `require('claimsmith:rule-uuid').callable(require('uuid'))`
  if (target === '@xmldom/xmldom') return `require('claimsmith:rule-xmldom').withDefaultType(require('@xmldom/xmldom'))`
  return `require(${JSON.stringify(target)})`
}

/** Node's modules that rules and their modules can require: files of ours, or packages that implement the module without Node. Paths are relative to `src/sandbox`. */
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

/** Modules of ours that other modules require as `claimsmith:NAME`, and the packages behind our versions of Node's modules. */
export const ownModules: typeof nodeModules = {
  ...Object.fromEntries(
    'host-module rule-crypto rule-ip rule-jwt rule-postgres rule-sqlserver rule-uuid rule-xmldom webcrypto'
      .split(' ')
      .map((name) => [name, { file: `guest/node/${name}.ts` }]),
  ),
  url: { package: 'url/' },
  util: { package: 'util/' },
}

/** Packages that cannot run as they are, each with a file of ours that has the same API on the guarded network. */
export const packageShims: Readonly<Record<string, string>> = {
  xmldom: 'guest/node/xmldom.cjs',
  request: 'guest/node/request.cjs',
  'request-promise': 'guest/node/request-promise.cjs',
  'request-promise-native': 'guest/node/request-promise.cjs',
}

/** Node's modules that rules may not require. A package that requires one gets a module that throws on every use. */
export const unsupportedNodeModules: readonly string[] = (
  'async_hooks child_process cluster console constants dgram domain fs fs/promises ' +
  'http2 inspector module readline repl sqlite sys test trace_events v8 vm wasi worker_threads'
).split(' ')

/** Abandoned packages, each with its maintained successor. */
export const packageSuccessors: Readonly<Record<string, string>> = { xmldom: '@xmldom/xmldom' }

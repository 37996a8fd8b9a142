import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Small packages, each with one kind of state. */
const packages: Readonly<Record<string, string>> = {
  'keeps-in-closure': `let kept = 'nothing'; exports.set = (value) => { kept = value }; exports.get = () => kept`,
  'keeps-in-map': `const kept = new Map(); exports.set = (value) => kept.set('x', value); exports.get = () => kept.get('x') ?? 'nothing'`,
  'keeps-in-instance': `class Box { #kept = 'nothing'; set(value) { this.#kept = value } get() { return this.#kept } } module.exports = new Box()`,
  'keeps-in-accessor': `let kept = 'nothing'; module.exports = { get kept() { return kept }, set kept(value) { kept = value } }`,
  'has-prototype': `exports.Client = class Client {}`,
  emits: `const { EventEmitter } = require('events'); module.exports = new EventEmitter()`,
  'takes-plugins': `const plugins = []; exports.use = (plugin) => plugins.push(plugin); exports.send = (request) => { for (const plugin of plugins) plugin(request); return request }`,
  'keeps-in-timer': `let kept = 'nothing'; exports.later = (value) => setTimeout(() => { kept = value }, 0); exports.get = () => kept`,
  'needs-another': `module.exports = require('keeps-in-closure')`,
}
/** What a login of Alice does to a package, what a later login sees, and what it must see. */
export interface Case {
  readonly write: string
  readonly read: string
  readonly clean: unknown
  /** What it sees if modules are shared. */
  readonly shared: unknown
}

export const cases: Readonly<Record<string, Case>> = {
  'a variable in a closure': {
    write: `require('keeps-in-closure').set('alice')`,
    read: `require('keeps-in-closure').get()`,
    clean: 'nothing',
    shared: 'alice',
  },
  'a variable of a package that a package requires': {
    write: `require('needs-another').set('alice')`,
    read: `require('needs-another').get()`,
    clean: 'nothing',
    shared: 'alice',
  },
  'a Map': {
    write: `require('keeps-in-map').set('alice')`,
    read: `require('keeps-in-map').get()`,
    clean: 'nothing',
    shared: 'alice',
  },
  'a private member of an instance': {
    write: `require('keeps-in-instance').set('alice')`,
    read: `require('keeps-in-instance').get()`,
    clean: 'nothing',
    shared: 'alice',
  },
  'an accessor of the exports': {
    write: `[require('keeps-in-accessor')][0].kept = 'alice'`,
    read: `require('keeps-in-accessor').kept`,
    clean: 'nothing',
    shared: 'alice',
  },
  'a prototype': {
    write: `[require('has-prototype').Client][0].prototype.owner = 'alice'`,
    read: `new (require('has-prototype').Client)().owner ?? 'nothing'`,
    clean: 'nothing',
    shared: 'alice',
  },
  'a listener': {
    write: `require('emits').on('login', (seen) => { seen.owner = 'alice' })`,
    read: `(() => { const seen = {}; require('emits').emit('login', seen); return seen })()`,
    clean: {},
    shared: { owner: 'alice' },
  },
  'a plugin': {
    write: `require('takes-plugins').use((request) => { request.token = 'alice' })`,
    read: `require('takes-plugins').send({})`,
    clean: {},
    shared: { token: 'alice' },
  },
  'what a timer wrote': {
    write: `require('keeps-in-timer').later('alice'); await new Promise((resolve) => setTimeout(resolve, 5))`,
    read: `require('keeps-in-timer').get()`,
    clean: 'nothing',
    shared: 'alice',
  },
  'interceptors of axios': {
    write: `require('axios').interceptors.request.use((config) => { config.headers.authorization = 'Bearer alice'; return config })`,
    read: `(await require('axios').get('https://api.example/')).data`,
    clean: 'none',
    shared: 'Bearer alice',
  },
  'defaults of axios, by an alias': {
    write: `var alias = [require('axios')]; Object.assign(alias[0].defaults.headers.common, { authorization: 'Bearer alice' })`,
    read: `(await require('axios').get('https://api.example/')).data`,
    clean: 'none',
    shared: 'Bearer alice',
  },
  'the locale of moment': {
    write: `var m = require('moment'); m.defineLocale('alice', { months: Array(12).fill('alice') })`,
    read: `require('moment').utc(0).format('MMMM')`,
    clean: 'January',
    shared: 'alice',
  },
  'the time zone of moment-timezone': {
    write: `require('moment-timezone').tz.setDefault('Asia/Tokyo')`,
    read: `require('moment-timezone')(0).format('Z')`,
    clean: '+00:00',
    shared: '+00:00',
  },
  'the counter of a lodash of their own': {
    write: `require('lodash').uniqueId()`,
    read: `require('lodash').uniqueId()`,
    clean: '1',
    shared: '2',
  },
  'members of a function of lodash': {
    write: `Object.assign([_.map][0], { owner: 'alice' })`,
    read: `_.map.owner ?? 'nothing'`,
    clean: 'nothing',
    shared: 'alice',
  },
  'functions of ejs': {
    write: `[require('ejs').cache][0].reset = () => 'alice'`,
    read: `require('ejs').cache.reset() ?? 'nothing'`,
    clean: 'nothing',
    shared: 'nothing',
  },
  'parsers of pg': {
    write: `require('pg').types.setTypeParser(23, () => 'alice')`,
    read: `require('pg').types.getTypeParser(23, 'text')('7')`,
    clean: 7,
    // It is ours, and starts again in each login.
    shared: 7,
  },
  'defaults of pg': {
    write: `[require('pg').defaults][0].password = 'alice'`,
    read: `require('pg').defaults.password ?? 'nothing'`,
    clean: 'nothing',
    shared: 'alice',
  },
  'members of a function of qs': {
    write: `Reflect.set(require('qs').parse, 'owner', 'alice')`,
    read: `require('qs').parse.owner ?? 'nothing'`,
    clean: 'nothing',
    shared: 'nothing',
  },
}

/** Makes a folder of rules with these packages, and real ones, beside it; `more` adds packages. */
export function installPackages(more: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-module-state-'))
  for (const [name, text] of Object.entries({ ...packages, ...more })) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
    writeFileSync(join(folder, 'node_modules', name, 'index.js'), text)
  }
  for (const name of ['axios', 'ejs', 'lodash', 'moment', 'moment-timezone', 'pg', 'qs'])
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'junction')
  mkdirSync(join(folder, 'rules'))
  return folder
}

/** One rule: what Alice's login does, and what the login of anybody else sees, in `user.seen`. */
export function writeScript({ write, read }: Pick<Case, 'write' | 'read'>): string {
  return `async function (user, context, callback) {
    if (user.name === 'Alice') { ${write} }
    else user.seen = ${read};
    callback(null, user, context);
  }`
}

import type { EngineOptions } from '../../../src/engine/options/engine-options.ts'

/** How a script is put into an engine. */
export interface VariantOptions {
  readonly realm: 'hardened' | 'fresh'
  /** As a rule, as an action, or as a rule of a login that arrives by a hook. */
  readonly entry: 'rule' | 'action' | 'hook'
  /** Runs before the script, in clean logins as well. */
  readonly prelude?: string
  /** Further options of the engine. */
  readonly engine?: Partial<EngineOptions>
}

const bundledModules = `var crypto = require('crypto'), _ = require('lodash'), url = require('url'), jwt = require('jsonwebtoken');`
const userPackage = `var moment = require('moment');`
/** Has packages in its node_modules. */
const modulesFolder = process.cwd()

/** A new way to run rules is one line here, and its name in the lists below. */
export const variants = {
  rule: { realm: 'hardened', entry: 'rule' },
  'rule, fresh': { realm: 'fresh', entry: 'rule' },
  action: { realm: 'hardened', entry: 'action' },
  'action, fresh': { realm: 'fresh', entry: 'action' },
  hook: { realm: 'hardened', entry: 'hook' },
  modules: { realm: 'hardened', entry: 'rule', prelude: bundledModules },
  'modules, fresh': { realm: 'fresh', entry: 'rule', prelude: bundledModules },
  package: { realm: 'hardened', entry: 'rule', prelude: userPackage, engine: { modulesFolder } },
  'package, fresh': { realm: 'fresh', entry: 'rule', prelude: userPackage, engine: { modulesFolder } },
  /** For cases that run no rules of their own. */
  host: { realm: 'hardened', entry: 'rule' },
} as const satisfies Readonly<Record<string, VariantOptions>>

export type VariantName = keyof typeof variants

export const hostOnly: readonly VariantName[] = ['host']
export const freshOnly: readonly VariantName[] = ['rule, fresh']
export const bothRealms: readonly VariantName[] = ['rule', 'rule, fresh']
export const bothActions: readonly VariantName[] = ['action', 'action, fresh']
/** For one case of each mechanism, if its script means the same in all of them. */
export const everywhere: readonly VariantName[] = [
  ...bothRealms,
  ...bothActions,
  'hook',
  'modules',
  'modules, fresh',
  'package',
  'package, fresh',
]

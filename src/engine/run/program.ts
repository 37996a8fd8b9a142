import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findEntryPoints } from '../../rules/source/find-entry-points.ts'
import type { RuleDependencies } from '../../rules/analysis/dependencies.ts'
import type { LoadedRule, Ruleset } from '../../rules/ruleset/ruleset.ts'
import { bundleModules } from '../../sandbox/modules/bundle.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import { assertHosts, assertRuleHosts } from '../options/host-lists.ts'
import { moduleGlobals } from '../../sandbox/modules/module-catalogue.ts'
import { parseSpecifier } from '../../sandbox/modules/specifier.ts'
import type { ProgramModules } from '../../sandbox/wire/program-modules.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { EngineOptions } from '../options/engine-options.ts'

/** Where rules get modules from, beside their own folder. */
export interface AvailableModules {
  readonly folder: string | undefined
  readonly host: HostShapes
  /** Whether logins share packages of the user; default `isolated`. */
  readonly moduleState?: EngineOptions['moduleState']
  /** Whether a debugger must find the rules. */
  readonly isInspected?: boolean
  /** What a test provides with each login: names in the scope of the rules, and modules. */
  readonly stubs?: { readonly names: readonly string[]; readonly modules: readonly string[] }
}

/** Builds what a sandbox needs for each trigger of a ruleset. */
export function buildPrograms(
  ruleset: Ruleset,
  availableModules: AvailableModules,
): Readonly<Record<Program['trigger'], Program>> {
  return {
    'post-login': buildProgram(ruleset, 'post-login', availableModules),
    'credentials-exchange': buildProgram(ruleset, 'credentials-exchange', availableModules),
  }
}

/**
 * Builds what a sandbox needs to run a ruleset: its rules, the modules that they require, and the kind of realm. Rules that
 * write to builtins, or to the exports of modules, get a new realm for every login. So do rules that require packages of the
 * user, unless their state is shared.
 */
function buildProgram(ruleset: Ruleset, trigger: Program['trigger'], availableModules: AvailableModules): Program {
  const { configuration, folder } = ruleset
  const { moduleState = 'isolated', stubs = { names: [], modules: [] } } = availableModules
  const { names, modules: stubbedModules } = stubs
  const rules = ruleset.rules.filter(({ triggers }) => triggers.includes(trigger))
  const dependencies = rules.map((rule) => rule.dependencies)
  const { program: modules } = bundleModules({
    specifiers: dependencies
      .flatMap((one) => one.modules.map(({ specifier }) => specifier))
      .filter((specifier) => !stubbedModules.includes(specifier) && !stubbedModules.includes(stripVersion(specifier))),
    names: [...new Set(dependencies.flatMap((one) => one.freeNames))].filter((name) => !names.includes(name)),
    host: availableModules.host,
    folders: [folder, availableModules.folder].filter((one) => one !== undefined),
  })
  const boundSecrets = [ruleset, ...rules].flatMap((one) => one.boundSecrets)
  const hostSecrets = [...new Map(boundSecrets.map((secret) => [secret.placeholder, secret])).values()]
  for (const { name, hosts } of hostSecrets) assertHosts(`${name}.hosts`, hosts)
  const parameters = names.filter((name) => !scopeNames.includes(name))
  return {
    hash: hashProgram(trigger === 'post-login' ? ruleset.hash : `${trigger} ${ruleset.hash}`, modules?.hash, names),
    trigger,
    rules: rules.map((rule) => ({
      ...toProgramRule(rule),
      ...(availableModules.isInspected === true ? toDebugInfo(rule) : {}),
      ...(parameters.length === 0 ? {} : { parameters }),
    })),
    configuration,
    realm:
      dependencies.some(isFreshRealmNeeded) || (moduleState === 'isolated' && hasUserModules(modules))
        ? 'fresh'
        : ruleset.realm,
    ...(modules === undefined ? {} : { modules }),
    ...(hostSecrets.length === 0 ? {} : { hostSecrets }),
  }
}

/** Whether a rule writes to objects that logins share in a hardened realm. */
export function isFreshRealmNeeded({ builtinWrites, moduleWrites }: RuleDependencies): boolean {
  return (
    builtinWrites.length > 0 ||
    moduleWrites.some(({ name }) => name === undefined || Object.hasOwn(moduleGlobals, name))
  )
}

/** Whether logins could find module state of each other: only our own modules are known to have none. */
export function hasUserModules(modules: ProgramModules | undefined): boolean {
  return modules !== undefined && modules.userModules.length > 0
}

function toProgramRule(rule: LoadedRule): Program['rules'][number] {
  const { name, kind, secrets, expression, filename, onError, hosts } = rule
  if (hosts !== undefined) assertRuleHosts(name, hosts)
  return { name, kind, secrets, expression, filename, onError, ...(hosts === undefined ? {} : { hosts }) }
}

/** Debuggers identify scripts by URL, and open the file of a file URL. */
function toDebugInfo(rule: LoadedRule): Pick<Program['rules'][number], 'url' | 'breakpoints'> {
  return { url: pathToFileURL(resolve(rule.filename)).href, breakpoints: findEntryPoints(rule) }
}

function hashProgram(ruleset: string, modules: string | undefined, names: readonly string[]): string {
  if (modules === undefined && names.length === 0) return ruleset
  return createHash('sha256')
    .update(ruleset)
    .update(modules ?? '')
    .update(names.join())
    .digest('hex')
}

/** The names in the scope of every rule. */
const scopeNames: readonly string[] = ['configuration', 'auth0', 'global', 'require']

function stripVersion(specifier: string): string {
  const { name = '', path = '' } = parseSpecifier(specifier) ?? {}
  return `${name}${path}`
}

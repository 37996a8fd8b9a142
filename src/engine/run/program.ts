import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryPoints } from '../../rules/source/entry-points.ts'
import type { RuleNeeds } from '../../rules/analysis/needs.ts'
import type { RuleSource, Ruleset } from '../../rules/ruleset/ruleset.ts'
import { bundleModules } from '../../sandbox/modules/bundle.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import { moduleGlobals } from '../../sandbox/modules/offers.ts'
import { parseSpecifier } from '../../sandbox/modules/specifier.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'

/** Where rules get modules from beside their own folder. */
interface OfferedModules {
  readonly folder: string | undefined
  readonly host: HostShapes
  /** Whether a debugger is to find the rules. */
  readonly inspect?: boolean
  /** What a test brings with each login: names in the scope of the rules, and modules. */
  readonly stubbed?: { readonly names: readonly string[]; readonly modules: readonly string[] }
}

/** What a sandbox needs for each of a ruleset's triggers. */
export function programsOf(ruleset: Ruleset, offered: OfferedModules): Readonly<Record<Program['trigger'], Program>> {
  return {
    'post-login': programOf(ruleset, 'post-login', offered),
    'credentials-exchange': programOf(ruleset, 'credentials-exchange', offered),
  }
}

/**
 * What a sandbox needs to run a ruleset: its rules, the modules that they ask for, and realms that suit them. Rules that
 * write to builtins, or to what modules export, get a realm of their own for every login.
 */
function programOf(ruleset: Ruleset, trigger: Program['trigger'], offered: OfferedModules): Program {
  const { configuration, folder } = ruleset
  const { names, modules: own } = offered.stubbed ?? { names: [], modules: [] }
  const rules = ruleset.rules.filter(({ triggers }) => triggers.includes(trigger))
  const needs = rules.map((rule) => rule.needs)
  const { program: modules } = bundleModules({
    specifiers: needs
      .flatMap((one) => one.modules.map(({ specifier }) => specifier))
      .filter((specifier) => !own.includes(specifier) && !own.includes(withoutVersion(specifier))),
    names: [...new Set(needs.flatMap((one) => one.names))].filter((name) => !names.includes(name)),
    host: offered.host,
    folders: [folder, offered.folder].filter((one) => one !== undefined),
  })
  const parameters = names.filter((name) => !scopeNames.includes(name))
  return {
    hash: hashOf(trigger === 'post-login' ? ruleset.hash : `${trigger} ${ruleset.hash}`, modules?.hash, names),
    trigger,
    rules: rules.map((rule) => ({
      ...programRule(rule),
      ...(offered.inspect === true ? debuggable(rule) : {}),
      ...(parameters.length === 0 ? {} : { parameters }),
    })),
    configuration,
    realm: needs.some(wantsFreshRealm) ? 'fresh' : ruleset.realm,
    ...(modules === undefined ? {} : { modules }),
  }
}

/** Whether a rule writes to what logins would share in a hardened realm. */
export function wantsFreshRealm({ builtinWrites, moduleWrites }: RuleNeeds): boolean {
  return (
    builtinWrites.length > 0 ||
    moduleWrites.some(({ name }) => name === undefined || Object.hasOwn(moduleGlobals, name))
  )
}

function programRule({ name, kind, secrets, expression, filename, onError }: RuleSource): Program['rules'][number] {
  return { name, kind, secrets, expression, filename, onError }
}

/** A debugger knows scripts by URL, and opens the file of one that has a file's. */
function debuggable(rule: RuleSource): Pick<Program['rules'][number], 'url' | 'entries'> {
  return { url: pathToFileURL(resolve(rule.filename)).href, entries: entryPoints(rule) }
}

function hashOf(ruleset: string, modules: string | undefined, names: readonly string[]): string {
  if (modules === undefined && names.length === 0) return ruleset
  return createHash('sha256')
    .update(ruleset)
    .update(modules ?? '')
    .update(names.join())
    .digest('hex')
}

/** What every rule has in its scope. */
const scopeNames: readonly string[] = ['configuration', 'auth0', 'global', 'require']

function withoutVersion(specifier: string): string {
  const { name = '', path = '' } = parseSpecifier(specifier) ?? {}
  return `${name}${path}`
}

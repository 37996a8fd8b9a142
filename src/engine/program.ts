import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryPoints } from '../rules/entry-points.ts'
import type { RuleNeeds } from '../rules/needs.ts'
import type { RuleSource, Ruleset } from '../rules/ruleset.ts'
import { bundleModules } from '../sandbox/modules/bundle.ts'
import type { HostShapes } from '../sandbox/modules/host-shape.ts'
import { moduleGlobals } from '../sandbox/modules/offers.ts'
import type { Program } from '../sandbox/protocol.ts'

/** Where rules get modules from beside their own folder. */
interface OfferedModules {
  readonly folder: string | undefined
  readonly host: HostShapes
  /** Whether a debugger is to find the rules. */
  readonly inspect: boolean
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
  const rules = ruleset.rules.filter(({ triggers }) => triggers.includes(trigger))
  const needs = rules.map((rule) => rule.needs)
  const { program: modules } = bundleModules({
    specifiers: needs.flatMap((one) => one.modules.map(({ specifier }) => specifier)),
    names: [...new Set(needs.flatMap(({ names }) => names))],
    host: offered.host,
    folders: [folder, offered.folder].filter((one) => one !== undefined),
  })
  return {
    hash: hashOf(trigger === 'post-login' ? ruleset.hash : `${trigger} ${ruleset.hash}`, modules?.hash),
    trigger,
    rules: rules.map((rule) => (offered.inspect ? inspectedRule(rule) : programRule(rule))),
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
function inspectedRule(rule: RuleSource): Program['rules'][number] {
  return { ...programRule(rule), url: pathToFileURL(resolve(rule.filename)).href, entries: entryPoints(rule) }
}

function hashOf(ruleset: string, modules: string | undefined): string {
  return modules === undefined ? ruleset : createHash('sha256').update(ruleset).update(modules).digest('hex')
}

import type { Place } from '../../rules/ruleset/refusal.ts'
import { type ModuleBundle, bundleModules } from '../../sandbox/modules/bundle.ts'
import { driverReason, moduleGlobals, nodeModules, packageBehind } from '../../sandbox/modules/offers.ts'
import { parseSpecifier } from '../../sandbox/modules/specifier.ts'
import type { Reading } from './readings.ts'
import type { Finding, ModuleReport } from './report.ts'

/** What the modules of a ruleset come to, for each of its rules. */
export interface ModuleFacts {
  readonly modules: readonly ModuleReport[]
  readonly findings: readonly Finding[]
  /** What npm is to install for them. */
  readonly install: readonly string[]
}

/** Packages that rules are known to require and that npm does not have, or not in that version. */
const notOnNpm = /^(@auth0\/rule-utilities|@incognia\/api)(@|$)|^@onfido\/api@1\.5\.1$/

/** Finds the modules of all rules together, as the engine does; nothing of them is run. */
export function bundleFor(readings: readonly Reading[], folders: readonly string[]): ModuleBundle {
  return bundleModules({
    specifiers: readings.flatMap(({ needs }) => needs.modules.map(({ specifier }) => specifier)),
    names: [...new Set(readings.flatMap(({ needs }) => needs.names))],
    folders,
  })
}

/** What one rule's modules are, and what there is to say about them. */
export function moduleFacts(reading: Reading, bundle: ModuleBundle): ModuleFacts {
  const required = requiredModules(reading, bundle)
  const globals = missingGlobals(reading, bundle)
  const unnamed = reading.needs.computedRequires.map((place) => ({ ...computed, ...place }))
  return {
    modules: required.modules,
    findings: [...required.findings, ...globals.findings, ...unnamed],
    install: [...required.install, ...globals.install],
  }
}

function requiredModules({ needs }: Reading, { program, versions }: ModuleBundle): ModuleFacts {
  const findings: Finding[] = []
  const install: string[] = []
  const first = new Map(needs.modules.toReversed().map(({ specifier, place }) => [specifier, place]))
  const modules = [...first].toReversed().map(([specifier, place]): ModuleReport => {
    const failure = program?.failures[specifier]
    const version = isNodes(specifier) ? undefined : versions[specifier]
    if (failure === 'MODULE_REFUSED') findings.push(refused(specifier, place))
    if (failure === 'MODULE_NOT_FOUND') {
      const isPublished = !notOnNpm.test(specifier)
      findings.push(missing(specifier, place, isPublished))
      if (isPublished) install.push(packageOf(specifier))
    }
    if (failure === undefined && isOther(specifier, version)) findings.push(otherVersion(specifier, version, place))
    const status = failure === undefined ? 'found' : failure === 'MODULE_NOT_FOUND' ? 'missing' : 'refused'
    return { specifier, status, ...(version === undefined ? {} : { version }) }
  })
  return { modules, findings, install }
}

/** The names of Auth0 whose package is not there. */
function missingGlobals({ needs, tree }: Reading, { program }: ModuleBundle): Omit<ModuleFacts, 'modules'> {
  const names = needs.names.filter((name) => Object.hasOwn(moduleGlobals, name) && !program?.globals.includes(name))
  const missed = names.map((name) => {
    const node = [...tree.free].find((one) => one.type === 'Identifier' && one.name === name)
    const wanted = packageBehind(name)
    return { name, wanted, place: node === undefined ? undefined : tree.placeOf(node) }
  })
  return {
    findings: missed.map(({ name, wanted, place }) =>
      program?.failures[`global ${name}`] === 'MODULE_REFUSED'
        ? refused(wanted ?? name, place)
        : missing(wanted ?? name, place, wanted !== undefined),
    ),
    install: missed.flatMap(({ name, wanted }) =>
      wanted === undefined || program?.failures[`global ${name}`] === 'MODULE_REFUSED' ? [] : [wanted],
    ),
  }
}

const computed = {
  level: 'error',
  kind: 'module-computed',
  message: 'it requires a module whose name is put together as it runs',
  cure: "write the name out: require('lodash')",
} as const

function missing(specifier: string, place: Place | undefined, isPublished: boolean): Finding {
  const wanted = packageOf(specifier)
  return {
    level: 'error',
    kind: 'module-missing',
    message: `the module ${specifier} is not there`,
    cure: isPublished
      ? `npm install ${wanted}, in the folder of the rules`
      : `npm does not have it: put it into node_modules/${parseSpecifier(specifier)?.name} beside the rules`,
    ...place,
  }
}

function refused(specifier: string, place: Place | undefined): Finding {
  const isPath = /^[./]/.test(specifier)
  return {
    level: 'error',
    kind: 'module-refused',
    message: `rules may not use ${specifier}`,
    cure: isPath
      ? 'put what the file holds into the rule, or make it a package in node_modules beside the rules'
      : (driverReason(parseSpecifier(specifier)?.name ?? '') ??
        'a rule reaches no files or processes of its host: call a service instead'),
    ...place,
  }
}

/** Node's own modules have no version of a package, whatever stands in for them. */
function isNodes(specifier: string): boolean {
  return Object.hasOwn(nodeModules, parseSpecifier(specifier)?.name ?? '')
}

function isOther(specifier: string, version: string | undefined): version is string {
  const asked = parseSpecifier(specifier)?.version
  return version !== undefined && asked !== undefined && /^\d/.test(asked) && asked !== version
}

function otherVersion(specifier: string, version: string, place: Place): Finding {
  return {
    level: 'warning',
    kind: 'module-version',
    message: `it asks for ${specifier}, and gets version ${version}`,
    cure: `npm install ${packageOf(specifier)}, in the folder of the rules, or try the newer one`,
    ...place,
  }
}

/** What npm is to install: `lodash@4.17.19` for `lodash@4.17.19/fp`. */
function packageOf(specifier: string): string {
  const { name = specifier, version } = parseSpecifier(specifier) ?? {}
  return version === undefined ? name : `${name}@${version}`
}

/** One version of each package, for npm installs no more: one that was asked for goes before any, the newest before others. */
export function installable(packages: readonly string[]): readonly string[] {
  const byVersion = packages.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  const chosen = new Map(byVersion.map((wanted) => [parseSpecifier(wanted)?.name ?? wanted, wanted]))
  return [...chosen.values()]
}

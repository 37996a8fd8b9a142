import type { SourceLocation } from '../../rules/ruleset/rule-errors.ts'
import { type ModuleBundle, bundleModules } from '../../sandbox/modules/bundle.ts'
import { moduleGlobals, nodeModules, findPackage } from '../../sandbox/modules/module-catalogue.ts'
import { parseSpecifier } from '../../sandbox/modules/specifier.ts'
import { pathCure } from '../../sandbox/wire/path-cure.ts'
import type { AnalyzedRule } from './analyze-rules.ts'
import type { Finding, ModuleReport } from './report.ts'

/** The modules of one rule, and the findings about them. */
export interface ModuleCheck {
  readonly modules: readonly ModuleReport[]
  readonly findings: readonly Finding[]
  /** Packages to install, as npm takes them. */
  readonly install: readonly string[]
}

/** Packages that known rules require and npm does not have, or not in that version. */
const notOnNpm = /^(@auth0\/rule-utilities|@incognia\/api)(@|$)|^@onfido\/api@1\.5\.1$/

/** Bundles the modules of all rules together, as the engine does. Nothing is run. */
export function bundleRequiredModules(
  analyzedRules: readonly AnalyzedRule[],
  folders: readonly string[],
): ModuleBundle {
  return bundleModules({
    specifiers: analyzedRules.flatMap(({ dependencies }) => dependencies.modules.map(({ specifier }) => specifier)),
    names: [...new Set(analyzedRules.flatMap(({ dependencies }) => dependencies.freeNames))],
    folders,
  })
}

/** Checks the modules of one rule. */
export function checkModules(analyzedRule: AnalyzedRule, bundle: ModuleBundle): ModuleCheck {
  const moduleCheck = checkRequiredModules(analyzedRule, bundle)
  const globalCheck = checkGlobals(analyzedRule, bundle)
  const computedFindings = analyzedRule.dependencies.computedRequires.map((location) => ({
    ...computedRequireFinding,
    ...location,
  }))
  return {
    modules: moduleCheck.modules,
    findings: [...moduleCheck.findings, ...globalCheck.findings, ...computedFindings],
    install: [...moduleCheck.install, ...globalCheck.install],
  }
}

function checkRequiredModules({ dependencies }: AnalyzedRule, { program, versions }: ModuleBundle): ModuleCheck {
  const findings: Finding[] = []
  const install: string[] = []
  const firstLocations = new Map(
    dependencies.modules.toReversed().map(({ specifier, location }) => [specifier, location]),
  )
  const modules = [...firstLocations].toReversed().map(([specifier, location]): ModuleReport => {
    const failure = program?.failures[specifier]
    const version = isNodeModule(specifier) ? undefined : versions[specifier]
    if (failure === 'MODULE_REFUSED')
      findings.push(createRefusedFinding(specifier, location, program?.reasons[specifier]))
    if (failure === 'MODULE_NOT_FOUND') {
      const isPublished = !notOnNpm.test(specifier)
      findings.push(createMissingFinding(specifier, location, isPublished))
      if (isPublished) install.push(formatPackage(specifier))
    }
    if (failure === undefined && isOtherVersion(specifier, version))
      findings.push(createVersionFinding(specifier, version, location))
    const status = failure === undefined ? 'found' : failure === 'MODULE_NOT_FOUND' ? 'missing' : 'refused'
    return { specifier, status, ...(version === undefined ? {} : { version }) }
  })
  return { modules, findings, install }
}

/** Finds the globals of Auth0 whose package is missing. */
function checkGlobals(
  { dependencies, parsedScript }: AnalyzedRule,
  { program }: ModuleBundle,
): Omit<ModuleCheck, 'modules'> {
  const missingNames = dependencies.freeNames.filter(
    (name) => Object.hasOwn(moduleGlobals, name) && !program?.globals.includes(name),
  )
  const missingModules = missingNames.map((name) => {
    const node = [...parsedScript.freeNodes].find((one) => one.type === 'Identifier' && one.name === name)
    const packageName = findPackage(name)
    return { name, packageName, location: node === undefined ? undefined : parsedScript.locate(node) }
  })
  return {
    findings: missingModules.map(({ name, packageName, location }) =>
      program?.failures[`global ${name}`] === 'MODULE_REFUSED'
        ? createRefusedFinding(packageName ?? name, location, program.reasons[`global ${name}`])
        : createMissingFinding(packageName ?? name, location, packageName !== undefined),
    ),
    install: missingModules.flatMap(({ name, packageName }) =>
      packageName === undefined || program?.failures[`global ${name}`] === 'MODULE_REFUSED' ? [] : [packageName],
    ),
  }
}

const computedRequireFinding = {
  level: 'error',
  kind: 'module-computed',
  message: 'it requires a module whose name is put together as it runs',
  cure: "write the name out: require('lodash')",
} as const

function createMissingFinding(specifier: string, location: SourceLocation | undefined, isPublished: boolean): Finding {
  const packageName = formatPackage(specifier)
  return {
    level: 'error',
    kind: 'module-missing',
    message: `the module ${specifier} is not there`,
    cure: isPublished
      ? `npm install ${packageName}, in the folder of the rules`
      : `npm does not have it: put it into node_modules/${parseSpecifier(specifier)?.name} beside the rules`,
    ...location,
  }
}

/** `reason` is what the rule would be told when it runs, if there is more to tell than that the module is refused. */
function createRefusedFinding(
  specifier: string,
  location: SourceLocation | undefined,
  reason: string | undefined,
): Finding {
  const isPath = /^[./]/.test(specifier)
  return {
    level: 'error',
    kind: 'module-refused',
    message: `rules may not use ${specifier}`,
    cure: isPath ? pathCure : (reason ?? 'a rule reaches no files or processes of its host: call a service instead'),
    ...location,
  }
}

/** Node's own modules have no package version, even if a package implements them. */
function isNodeModule(specifier: string): boolean {
  return Object.hasOwn(nodeModules, parseSpecifier(specifier)?.name ?? '')
}

function isOtherVersion(specifier: string, version: string | undefined): version is string {
  const requestedVersion = parseSpecifier(specifier)?.version
  return (
    version !== undefined &&
    requestedVersion !== undefined &&
    /^\d/.test(requestedVersion) &&
    requestedVersion !== version
  )
}

function createVersionFinding(specifier: string, version: string, location: SourceLocation): Finding {
  return {
    level: 'warning',
    kind: 'module-version',
    message: `it asks for ${specifier}, and gets version ${version}`,
    cure: `npm install ${formatPackage(specifier)}, in the folder of the rules, or try the newer one`,
    ...location,
  }
}

/** Formats a package for npm: `lodash@4.17.19` for `lodash@4.17.19/fp`. */
function formatPackage(specifier: string): string {
  const { name = specifier, version } = parseSpecifier(specifier) ?? {}
  return version === undefined ? name : `${name}@${version}`
}

/** Picks one version of each package, because npm installs only one: a named version before none, the newest of several. */
export function pickInstallable(packages: readonly string[]): readonly string[] {
  const byVersion = packages.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  const packagesByName = new Map(
    byVersion.map((packageName) => [parseSpecifier(packageName)?.name ?? packageName, packageName]),
  )
  return [...packagesByName.values()]
}

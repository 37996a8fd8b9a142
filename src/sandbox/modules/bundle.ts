import { createHash } from 'node:crypto'
import type { ModuleRequest, ProgramModules } from '../wire/program-modules.ts'
import { type BuiltBundle, buildBundle, bundleOptionsJson } from './build-bundle.ts'
import { loadBundle } from './bundle-cache.ts'
import { linkModules } from './link-modules.ts'
import type { HostShape } from '../wire/host-shape.ts'
import { moduleGlobals, nodeModules, findPackage, unsupportedNodeModules, buildRequire } from './module-catalogue.ts'
import { locateModules, readProvidedVersion } from './provided-packages.ts'
import { parseSpecifier } from './specifier.ts'
import { explainUnsupported, isAlwaysRefused } from './unsupported-packages.ts'

/** The modules of a ruleset. */
export interface ModuleBundle {
  /** For the realms; undefined if the rules use no module. */
  readonly program: ProgramModules | undefined
  /** By specifier, the version of the installed package, if its manifest has one. */
  readonly versions: Readonly<Record<string, string>>
}

const emptyBundle: ModuleBundle = { program: undefined, versions: {} }

/**
 * Bundles the modules of rules into one script for their realms. No module runs here.
 *
 * A module that is missing or refused is not an error here. The rule fails when it requires the module, and
 * `program.failures` names it before.
 */
export function bundleModules(request: ModuleRequest): ModuleBundle {
  const names = request.names.filter((name) => Object.hasOwn(moduleGlobals, name))
  if (names.length === 0 && request.specifiers.length === 0) return emptyBundle
  const { entries, forbiddenSpecifiers, unsupported } = resolveEntries(request.specifiers, names, request.host ?? {})
  const built = buildModules(entries, request.folders)
  const { code, missing, refused, versions, provided, userModules, reasons: bundleReasons } = built
  const failures: Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'> = {}
  const reasons: Record<string, string> = { ...bundleReasons, ...unsupported }
  for (const entry of missing) {
    // An installation would not help.
    const reason = explainUnsupported(getPackageName(entry))
    failures[entry] = reason === undefined ? 'MODULE_NOT_FOUND' : 'MODULE_REFUSED'
    if (reason !== undefined) reasons[entry] = reason
  }
  for (const entry of [...refused, ...forbiddenSpecifiers, ...Object.keys(unsupported)])
    failures[entry] = 'MODULE_REFUSED'
  const hash = createHash('sha256')
    .update(code)
    .update(JSON.stringify([failures, reasons, provided]))
    .digest('hex')
  const globals = names.filter((name) => !Object.hasOwn(failures, `global ${name}`))
  return { program: { hash, code, globals, userModules, failures, reasons, provided }, versions }
}

/** Links prebuilt modules, and bundles the packages of the user if an entry requires one. */
function buildModules(
  entries: ReadonlyMap<string, string>,
  folders: readonly string[],
): Omit<BuiltBundle, 'specifiers'> & Pick<ProgramModules, 'provided' | 'userModules'> {
  const places = new Map([...entries].map(([name, expression]) => [name, locateModules(expression, folders)]))
  const theirs = new Map([...entries].filter(([name]) => places.get(name) === 'theirs'))
  const {
    code: ownCode,
    specifiers,
    missing,
    refused,
    reasons,
    versions,
  } = theirs.size === 0
    ? noBundle
    : loadBundle(theirs, folders, { optionsJson: bundleOptionsJson, build: () => buildBundle(theirs, folders) })
  const failed = [...missing, ...refused]
  const linked = new Map<string, string>()
  const providedVersions: Record<string, string> = {}
  for (const [name, expression] of entries) {
    const place = places.get(name)
    if (place === 'missing') failed.push(name)
    if (place === 'theirs' && !failed.includes(name)) linked.set(name, `table[${JSON.stringify(name)}]()`)
    if (place !== 'ours') continue
    linked.set(name, expression)
    const version = readProvidedVersion(name)
    if (version !== undefined) providedVersions[name] = version
  }
  const { code, loginEntries } = linkModules({ entries: linked, ownCode, specifiers })
  const ours = [...linked.keys()].filter((name) => places.get(name) === 'ours')
  return {
    code,
    provided: Object.fromEntries(ours.map((name) => [name, loginEntries.has(name) ? 'login' : 'realm'])),
    userModules: [...linked.keys()].filter((name) => places.get(name) === 'theirs'),
    missing: failed.filter((name) => !refused.includes(name)),
    refused,
    reasons,
    versions: { ...providedVersions, ...versions },
  }
}

const noBundle: BuiltBundle = { code: '', specifiers: [], missing: [], refused: [], reasons: {}, versions: {} }

interface ResolvedEntries {
  /** By specifier or `global NAME`, the expression to bundle. */
  readonly entries: ReadonlyMap<string, string>
  readonly forbiddenSpecifiers: readonly string[]
  /** Packages that cannot run in a sandbox, each with the reason. */
  readonly unsupported: Readonly<Record<string, string>>
}

function resolveEntries(
  specifiers: readonly string[],
  names: readonly string[],
  host: Readonly<Record<string, HostShape>>,
): ResolvedEntries {
  const entries = new Map<string, string>()
  const forbiddenSpecifiers: string[] = []
  const unsupported: Record<string, string> = {}
  const buildHostRequire = (name: string): string | undefined =>
    Object.hasOwn(host, name) && host[name] !== undefined ? buildHostEntry(name, host[name]) : undefined
  for (const specifier of new Set(specifiers)) {
    const target = resolveTarget(specifier)
    const reason = explainRefused(specifier)
    const entry =
      target === undefined
        ? undefined
        : (buildHostRequire(target) ?? (reason === undefined ? buildRequire(target) : undefined))
    if (entry !== undefined) entries.set(specifier, entry)
    else if (target !== undefined && reason !== undefined) unsupported[specifier] = reason
    else forbiddenSpecifiers.push(specifier)
  }
  for (const name of names) {
    const code = buildGlobal(name, buildHostRequire)
    const reason = explainRefused(`global ${name}`)
    if (code !== undefined) entries.set(`global ${name}`, code)
    else if (reason !== undefined) unsupported[`global ${name}`] = reason
  }
  return { entries, forbiddenSpecifiers, unsupported }
}

/** Explains why the package of an entry is refused before anything looks for it; undefined if it is not. */
function explainRefused(entry: string): string | undefined {
  const name = getPackageName(entry)
  return isAlwaysRefused(name) ? explainUnsupported(name) : undefined
}

/** Gets the package that a specifier or `global NAME` stands for. */
function getPackageName(entry: string): string {
  const [, globalName] = /^global (.*)$/.exec(entry) ?? []
  return (globalName === undefined ? parseSpecifier(entry)?.name : findPackage(globalName)) ?? ''
}

/** Builds the expression of a global's value; undefined if it needs a package that cannot run, and the embedder offers no module for it. */
function buildGlobal(name: string, buildHostRequire: (module: string) => string | undefined): string | undefined {
  const code = moduleGlobals[name] ?? ''
  const entry = buildHostRequire(findPackage(name) ?? '')
  if (entry !== undefined) return code.replace(/require\('[^']+'\)/, () => entry)
  return isAlwaysRefused(findPackage(name) ?? '') ? undefined : code
}

function buildHostEntry(name: string, shape: HostShape): string {
  // Data that reads like a `require` is none.
  const shapeJson = JSON.stringify(shape).replaceAll('require(', 'require\\u0028')
  return `require('claimsmith:host-module').hostModule(${shapeJson}, ${JSON.stringify([name])})`
}

/** Finds the name that esbuild resolves for a specifier; undefined if rules may not require it. */
function resolveTarget(text: string): string | undefined {
  const specifier = parseSpecifier(text)
  if (specifier === undefined) return undefined
  const { name, path } = specifier
  const target = `${name}${path}`
  const isRefused = text.startsWith('node:')
    ? !Object.hasOwn(nodeModules, target)
    : unsupportedNodeModules.includes(target)
  return isRefused ? undefined : target
}

import { createHash } from 'node:crypto'
import type { ModuleRequest, ProgramModules } from './program-modules.ts'
import { buildBundle, bundleForm } from './build-bundle.ts'
import { cachedBundle } from './bundle-cache.ts'
import type { HostShape } from './host-shape.ts'
import { moduleGlobals, nodeModules, refusedNodeModules, requireFor } from './offers.ts'
import { parseSpecifier } from './specifier.ts'

/** What the modules of a ruleset come to: what its realms get, and what there is to say about it. */
export interface ModuleBundle {
  /** Undefined where the rules ask for no module. */
  readonly program: ProgramModules | undefined
  /** The version that was found for each specifier, where its package says one. */
  readonly versions: Readonly<Record<string, string>>
}

const none: ModuleBundle = { program: undefined, versions: {} }

/**
 * Bundles the modules that rules ask for into one script for their realms. Nothing of a module runs here.
 *
 * A module that cannot be had is no error: the rule that requires it fails when it does, and the report names it before.
 */
export function bundleModules(request: ModuleRequest): ModuleBundle {
  const names = request.names.filter((name) => Object.hasOwn(moduleGlobals, name))
  const { host = {} } = request
  const specifiers = [...new Set(request.specifiers)]
  if (names.length === 0 && specifiers.length === 0) return none
  const failures: Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'> = {}
  const entries = new Map<string, string>()
  for (const specifier of specifiers) {
    const target = targetOf(specifier)
    const shape = target !== undefined && Object.hasOwn(host, target) ? host[target] : undefined
    if (shape !== undefined) entries.set(specifier, hostEntry(target ?? '', shape))
    else if (target === undefined) failures[specifier] = 'MODULE_REFUSED'
    else entries.set(specifier, requireFor(target))
  }
  for (const name of names) entries.set(`global ${name}`, moduleGlobals[name] ?? '')
  const { code, missing, reasons, refused, versions } = cachedBundle(entries, request.folders, {
    form: bundleForm,
    build: () => buildBundle(entries, request.folders),
  })
  for (const entry of missing) failures[entry] = 'MODULE_NOT_FOUND'
  for (const entry of refused) failures[entry] = 'MODULE_REFUSED'
  const hash = createHash('sha256')
    .update(code)
    .update(JSON.stringify([failures, reasons]))
    .digest('hex')
  const globals = names.filter((name) => !Object.hasOwn(failures, `global ${name}`))
  return { program: { hash, code, globals, failures, reasons }, versions }
}

function hostEntry(name: string, shape: HostShape): string {
  return `require('claimsmith:host-module').hostModule(${JSON.stringify(shape)}, ${JSON.stringify([name])})`
}

/** What esbuild is to resolve for a specifier; undefined where rules may not have it. */
function targetOf(text: string): string | undefined {
  const specifier = parseSpecifier(text)
  if (specifier === undefined) return undefined
  const { name, path } = specifier
  const target = `${name}${path}`
  const isRefused = text.startsWith('node:') ? !Object.hasOwn(nodeModules, target) : refusedNodeModules.includes(target)
  return isRefused ? undefined : target
}

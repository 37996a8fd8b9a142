import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { findPackageFolder } from './package-folder.ts'
import { parseSpecifier } from './specifier.ts'
import { explainNativeAddon, explainUnsupported } from './unsupported-packages.ts'

export type BundleInputs = Metafile['inputs']

interface NativeAddon {
  readonly entry: string
  /**
   * Whether the entry needs it: its modules name the file, or its package is known for native code. Others look for a file at
   * run time, or work without it.
   */
  readonly isNeeded: boolean
  readonly reason: string
}

/** Finds the entries whose modules contain native code, which an isolate cannot run. */
export function findNativeAddons(entries: ReadonlyMap<string, string>, inputs: BundleInputs): NativeAddon[] {
  return [...entries].flatMap(([entry, expression]): NativeAddon[] => {
    const required = [...expression.matchAll(/require\(['"](.+?)['"]\)/g)].map(([, target]) => target)
    const name = parseSpecifier(required.at(-1) ?? '')?.name ?? ''
    const reachable = [...listReachable(required, inputs)]
    const file = reachable.find((path) => path.endsWith('.node'))
    if (file !== undefined) {
      const owner = basename(findPackageFolder(file) ?? '')
      return [{ entry, isNeeded: true, reason: explainNativeAddon(name, { label: basename(file), owner }) }]
    }
    const folders = new Set(reachable.map(findPackageFolder))
    const addon = [...folders].find((folder) => folder !== undefined && existsSync(join(folder, 'binding.gyp')))
    if (addon === undefined) return []
    const isNeeded = basename(addon) === name && explainUnsupported(name) !== undefined
    return [{ entry, isNeeded, reason: explainNativeAddon(name, { label: basename(addon), owner: basename(addon) }) }]
  })
}

/** Lists the files that the given specifiers import, directly or not. */
function listReachable(required: readonly (string | undefined)[], inputs: BundleInputs): ReadonlySet<string> {
  const reachable = new Set<string>()
  const imports = inputs['<stdin>']?.imports ?? []
  const queue = imports
    .filter(({ external, original }) => external !== true && required.includes(original))
    .map(({ path }) => path)
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reachable.has(path)) continue
    reachable.add(path)
    for (const dependency of inputs[path]?.imports ?? []) if (dependency.external !== true) queue.push(dependency.path)
  }
  return reachable
}

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { findPackageFolder } from './package-folder.ts'

export type BundleInputs = Metafile['inputs']

interface NativeAddon {
  readonly entry: string
  /** The file that its modules load, if they name it. Others look for it at run time, or work without it. */
  readonly file?: string
  readonly reason: string
}

/** Finds the entries whose modules contain native code, which an isolate cannot run. */
export function findNativeAddons(entries: ReadonlyMap<string, string>, inputs: BundleInputs): NativeAddon[] {
  return [...entries].flatMap(([entry, expression]): NativeAddon[] => {
    const required = [...expression.matchAll(/require\(['"](.+?)['"]\)/g)].map(([, target]) => target)
    const reachable = [...listReachable(required, inputs)]
    const file = reachable.find((path) => path.endsWith('.node'))
    if (file !== undefined) return [{ entry, file, reason: explainAddon(basename(file)) }]
    const folders = new Set(reachable.map(findPackageFolder))
    const addon = [...folders].find((folder) => folder !== undefined && existsSync(join(folder, 'binding.gyp')))
    return addon === undefined ? [] : [{ entry, reason: explainAddon(basename(addon)) }]
  })
}

function explainAddon(name: string): string {
  const alternative = name.startsWith('bcrypt') ? 'bcryptjs' : 'a package that is plain JavaScript'
  return `it holds machine code (${name}), which cannot run in a sandbox; use ${alternative}`
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

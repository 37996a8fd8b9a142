import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'
import { findPackageFolder } from './package-folder.ts'

export type Inputs = Metafile['inputs']

interface MachineCode {
  readonly entry: string
  /** The file that its modules load, where they name it; others look for it when they start, or do without. */
  readonly file?: string
  readonly reason: string
}

/** The entries whose modules bring machine code along, which an isolate cannot run. */
export function machineCodeOf(entries: ReadonlyMap<string, string>, inputs: Inputs): MachineCode[] {
  return [...entries].flatMap(([entry, expression]): MachineCode[] => {
    const required = [...expression.matchAll(/require\(['"](.+?)['"]\)/g)].map(([, target]) => target)
    const reached = [...reachedFrom(required, inputs)]
    const file = reached.find((path) => path.endsWith('.node'))
    if (file !== undefined) return [{ entry, file, reason: reasonFor(basename(file)) }]
    const folders = new Set(reached.map(findPackageFolder))
    const addon = [...folders].find((folder) => folder !== undefined && existsSync(join(folder, 'binding.gyp')))
    return addon === undefined ? [] : [{ entry, reason: reasonFor(basename(addon)) }]
  })
}

function reasonFor(name: string): string {
  const instead = name.startsWith('bcrypt') ? 'bcryptjs' : 'a package that is plain JavaScript'
  return `it holds machine code (${name}), which cannot run in a sandbox; use ${instead}`
}

/** Every file that some modules lead to, themselves included. */
function reachedFrom(required: readonly (string | undefined)[], inputs: Inputs): ReadonlySet<string> {
  const reached = new Set<string>()
  const imports = inputs['<stdin>']?.imports ?? []
  const queue = imports
    .filter(({ external, original }) => external !== true && required.includes(original))
    .map(({ path }) => path)
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const found of inputs[path]?.imports ?? []) if (found.external !== true) queue.push(found.path)
  }
  return reached
}

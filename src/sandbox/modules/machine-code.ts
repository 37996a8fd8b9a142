import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Metafile } from 'esbuild'

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
    const reached = [...reachedFrom(/require\(['"](.+?)['"]\)/.exec(expression)?.[1], inputs)]
    const file = reached.find((path) => path.endsWith('.node'))
    if (file !== undefined) return [{ entry, file, reason: reasonFor(basename(file)) }]
    const addon = [...new Set(reached.map(packageOf))].find((folder) => existsSync(join(folder, 'binding.gyp')))
    return addon === undefined ? [] : [{ entry, reason: reasonFor(basename(addon)) }]
  })
}

function reasonFor(name: string): string {
  const instead = name.startsWith('bcrypt') ? 'bcryptjs' : 'a package that is plain JavaScript'
  return `it holds machine code (${name}), which cannot run in a sandbox; use ${instead}`
}

/** Every file that a module leads to, itself included. */
function reachedFrom(specifier: string | undefined, inputs: Inputs): ReadonlySet<string> {
  const reached = new Set<string>()
  const first = inputs['<stdin>']?.imports.find(({ original }) => original === specifier)
  const queue = first === undefined ? [] : [first.path]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const found of inputs[path]?.imports ?? []) if (found.external !== true) queue.push(found.path)
  }
  return reached
}

/** The folder of the package that a file belongs to. */
function packageOf(file: string): string {
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file)?.[0] ?? ''
}

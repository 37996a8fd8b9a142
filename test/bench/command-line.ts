import { spawnSync } from 'node:child_process'
import { median } from './measure.ts'
import type { Figure } from './report.ts'

const turns = 15
const main = 'dist/cli/main.js'

const commands: readonly (readonly [name: string, args: readonly string[], most?: number])[] = [
  ['claimsmith --version', [main, '--version'], 3],
  ['claimsmith --help', [main, '--help'], 3],
  ['claimsmith run --help', [main, 'run', '--help'], 3],
  ['claimsmith run of eight rules', [main, 'run', 'rules-examples']],
]

function timeNode(args: readonly string[]): number {
  const startedAtMs = performance.now()
  const { status } = spawnSync(process.execPath, args)
  if (status !== 0) throw new Error(`node ${args.join(' ')} exits with ${status}`)
  return performance.now() - startedAtMs
}

/** How long commands take, beside a process that does nothing. */
export async function commandLine(): Promise<Figure[]> {
  const nodeMs: number[] = []
  const commandMs = new Map(commands.map(([name]) => [name, [] as number[]]))
  for (let turn = 0; turn < turns; turn++) {
    nodeMs.push(timeNode(['-e', '0']))
    for (const [name, args] of commands) commandMs.get(name)?.push(timeNode(args))
  }
  const baseMs = median(nodeMs)
  const figures = commands.map(([name, , most]) => {
    const value = median(commandMs.get(name) ?? []) / baseMs
    return { name: `${name} ÷ node -e 0`, value, unit: '×', ...(most !== undefined && { most }) }
  })
  return [{ name: 'node -e 0', value: baseMs, unit: 'ms' }, ...figures]
}

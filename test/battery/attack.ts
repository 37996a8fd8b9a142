import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const runFile = promisify(execFile)
const runner = fileURLToPath(new URL('case.ts', import.meta.url))

export interface Report {
  /** How the hostile logins ended, each way once. */
  readonly hostile: readonly string[]
  /** How the logins beside them ended. */
  readonly clean: readonly string[]
  /** The memory of the embedder's process at the end. */
  readonly rssMb: number
}

export interface AttackOptions {
  readonly limits?: object
  /** What rules may call. */
  readonly allow?: readonly string[]
  readonly realm?: 'hardened' | 'fresh'
  readonly dialect?: 'rule' | 'action'
}

/** Runs a hostile script over and over in a process of its own; rejects if that process does not end well. */
export async function attack(script: string, repeats: number, options: AttackOptions = {}): Promise<Report> {
  const input = JSON.stringify({ script, repeats, ...options })
  const { stdout } = await runFile(process.execPath, [runner, input], { timeout: 110_000 })
  return JSON.parse(stdout) as Report
}

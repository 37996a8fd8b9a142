import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ExitReason } from './worker-state.ts'

/**
 * - `own`: the process failed by itself, and would fail again.
 * - `external`: something else killed the process, and may stop killing.
 */
const maxFailedStarts = { own: 3, external: 20 }

/** Counts the starts that failed since one succeeded. */
export class FailedStarts {
  #own = 0
  #external = 0

  reset(): void {
    this.#own = 0
    this.#external = 0
  }

  add(reason: ExitReason): void {
    if (reason === 'external') this.#external++
    else this.#own++
  }

  get hasReachedLimit(): boolean {
    return this.#own >= maxFailedStarts.own || this.#external >= maxFailedStarts.external
  }
}

/** Builds the error of the runs that cannot have a worker. Its cause holds all that the process wrote to stderr. */
export function createStartError(stderrTail: string): ClaimsmithError {
  const line = findErrorLine(stderrTail)
  const message = `no worker process can be started${line === '' ? '' : `: ${line}`}`
  return new ClaimsmithError('SANDBOX_FAILED', message, { cause: new Error(stderrTail) })
}

/** Finds the line that names the error in the stderr of a process. If no line does, it is the first one that is not empty. */
export function findErrorLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.find((line) => line !== '') ?? ''
}

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const pageBytes = 4_096
const execFileAsync = promisify(execFile)

/** Resident memory of another process in MB, read from outside, since a worker in trouble does not answer; undefined where the system does not say. */
export async function readResidentMemoryMb(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
      return (pages * pageBytes) / 1_048_576
    }
    if (process.platform === 'win32') return undefined
    const { stdout } = await execFileAsync('ps', ['-o', 'rss=', '-p', String(pid)])
    return Number(stdout.trim()) / 1_024
  } catch {
    return undefined
  }
}

/** The kernel counts CPU in ticks of this length. */
const tickMs = 10

/** Whether the main thread of another process waits for something of its own, neither running nor stopped from outside. */
export function isProcessBlocked(pid: number | undefined): boolean {
  return readProcessStat(pid)?.[0] === 'S'
}

/** CPU that another process has used, in ms, with all its threads; where the system does not say, as if it were always busy. */
export function readCpuTimeMs(pid: number | undefined): number {
  const status = readProcessStat(pid)
  if (status === undefined) return performance.now()
  const [userTicks = 0, systemTicks = 0] = status.slice(11, 13).map(Number)
  return (userTicks + systemTicks) * tickMs
}

/** What `proc(5)` lists of a process from its state on, the third field. */
function readProcessStat(pid: number | undefined): readonly string[] | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined
  try {
    // The name, in brackets, may hold blanks.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
  } catch {
    return undefined
  }
}

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const pageBytes = 4_096
const execFileAsync = promisify(execFile)

/** Reads the resident memory of another process, in MB; undefined if the system does not provide it. */
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

/** Unit of the kernel's CPU times. */
const tickMs = 10

/** Whether the main thread of another process sleeps, that is, neither runs nor is stopped from outside. */
export function isProcessBlocked(pid: number | undefined): boolean {
  return readProcessStat(pid)?.[0] === 'S'
}

/** Reads the CPU that all threads of another process have used, in ms. If the system does not provide it, the process counts as always busy. */
export function readCpuTimeMs(pid: number | undefined): number {
  const status = readProcessStat(pid)
  if (status === undefined) return performance.now()
  const [userTicks = 0, systemTicks = 0] = status.slice(11, 13).map(Number)
  return (userTicks + systemTicks) * tickMs
}

/** Reads the fields of `/proc/PID/stat` from the third one on, the state; see `proc(5)`. */
function readProcessStat(pid: number | undefined): readonly string[] | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined
  try {
    // The second field, the name in parentheses, may contain spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
  } catch {
    return undefined
  }
}

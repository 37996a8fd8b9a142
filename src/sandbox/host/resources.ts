import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const pageBytes = 4_096
const execFileAsync = promisify(execFile)

/**
 * Lists a process and all that descend from it: a command may have started the worker. Only Linux tells the descendants.
 */
export function listProcessTree(pid: number): number[] {
  if (process.platform !== 'linux') return [pid]
  const pids = [pid]
  // The list grows while it is read.
  for (const one of pids) pids.push(...readChildren(one))
  return pids
}

function readChildren(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/**
 * Reads the resident memory of another process and of its descendants, in MB; undefined if the system does not provide it.
 */
export async function readResidentMemoryMb(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      const pages = listProcessTree(pid).map((one) => Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1]))
      return (pages.reduce((sum, count) => sum + count, 0) * pageBytes) / 1_048_576
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

/** Whether the main threads of another process and of its descendants sleep: none runs, or is stopped from outside. */
export function isProcessBlocked(pid: number | undefined): boolean {
  const states = readProcessStats(pid)?.map(([state]) => state)
  return states?.every((state) => state === 'S') ?? false
}

/**
 * Reads the CPU that all threads of another process and of its descendants have used, in ms. If the system does not provide
 * it, the process counts as always busy.
 */
export function readCpuTimeMs(pid: number | undefined): number {
  const stats = readProcessStats(pid)
  if (stats === undefined) return performance.now()
  const ticks = stats.map((stat) => Number(stat[11] ?? 0) + Number(stat[12] ?? 0))
  return ticks.reduce((sum, count) => sum + count, 0) * tickMs
}

/** Reads the fields of `/proc/PID/stat` from the third one on, the state, of a process and its descendants; see `proc(5)`. */
function readProcessStats(pid: number | undefined): (readonly string[])[] | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined
  const stats = listProcessTree(pid).map(readProcessStat)
  return stats[0] === undefined ? undefined : stats.filter((stat) => stat !== undefined)
}

function readProcessStat(pid: number): readonly string[] | undefined {
  try {
    // The second field, the name in parentheses, may contain spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')
  } catch {
    return undefined
  }
}

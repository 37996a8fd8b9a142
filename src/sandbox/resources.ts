import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const pageBytes = 4_096
const run = promisify(execFile)

/** Resident memory of another process in MB, read from outside, since a worker in trouble does not answer; undefined where the system does not say. */
export async function residentMemoryMb(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
      return (pages * pageBytes) / 1_048_576
    }
    if (process.platform === 'win32') return undefined
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
    return Number(stdout.trim()) / 1_024
  } catch {
    return undefined
  }
}

/** The kernel counts CPU in ticks of this length. */
const tickMs = 10

/** CPU that another process has used, in ms, with all its threads; where the system does not say, as if it were always busy. */
export function cpuTimeMs(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return performance.now()
  try {
    // The name, in brackets, may hold blanks; 14 and 15 of what `proc(5)` lists are user and system time.
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const [userTicks, systemTicks] = fields.split(' ').slice(11, 13).map(Number)
    return ((userTicks ?? 0) + (systemTicks ?? 0)) * tickMs
  } catch {
    return performance.now()
  }
}

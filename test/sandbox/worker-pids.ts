import { readFileSync, readdirSync } from 'node:fs'

/** The process ids of the workers that a process has started; Linux only. Zombies do not count. */
export function workerPids(parent: number = process.pid): number[] {
  return childPids(parent).filter((pid) => commandLineOf(pid).includes('--permission'))
}

/** The process ids of the shells that end the workers of a process after it; Linux only. */
export function watcherPids(parent: number = process.pid): number[] {
  return childPids(parent).filter((pid) => commandLineOf(pid).includes('claimsmith-watcher'))
}

function childPids(parent: number): number[] {
  const tasks = readdirSync(`/proc/${parent}/task`)
  const lists = tasks.map((task) => readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8'))
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It has ended meanwhile.
    return []
  }
}

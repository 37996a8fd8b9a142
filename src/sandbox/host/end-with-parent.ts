import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

/**
 * The script of a shell. If its input has a line, the worker has exited. If its input ends without a line, the parent has
 * exited, and the script kills the worker. It ignores the signals that a terminal sends to the whole process group.
 */
const script = 'trap "" HUP INT QUIT TERM; read -r _ || kill -KILL "$1"'

/**
 * Ends a worker when this process ends, however this process ends and whatever the worker is doing. `isGroup`: the worker is
 * started by a command, and both are in a process group of their own.
 *
 * A worker that is stopped, or inside a builtin, does not notice that its parent is gone. A shell beside it does, because
 * its input ends with this process. The shell costs 1 ms and 0.15 MB. A thread inside the worker costs 30 ms and 19 MB, and
 * is stopped together with the worker.
 *
 * Without a shell, a worker still ends by itself unless it is stopped or busy. On Windows this does nothing, because libuv
 * puts child processes into a job object that ends them with their parent.
 */
export function endWithParent(worker: ChildProcess, isGroup: boolean): void {
  if (process.platform === 'win32' || worker.pid === undefined) return
  const watcher: ChildProcess = spawn(
    '/bin/sh',
    ['-c', script, 'claimsmith-watcher', `${isGroup ? '-' : ''}${worker.pid}`],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    },
  )
  watcher.on('error', () => undefined)
  watcher.unref()
  const input = watcher.stdin as Socket | null | undefined
  input?.on('error', () => undefined).unref()
  // The shell must not kill another process that has got the pid of the worker. Before this event no process can get it,
  // because only this process can release it.
  worker.once('exit', () => input?.end('\n'))
}

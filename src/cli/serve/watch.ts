import { basename } from 'node:path'
import { watch } from 'chokidar'

/** A save often is several events, of one file or of some. */
const settleMs = 25

/**
 * Calls `work` with the names of the files that changed, soon after they did, and never twice at once.
 *
 * Answers how to stop, once the files are watched.
 */
export async function watchFiles(
  paths: readonly string[],
  work: (names: readonly string[]) => Promise<void>,
): Promise<() => Promise<void>> {
  const changed = new Set<string>()
  let working = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined

  function begin(): void {
    working = working.then(async () => {
      const names = [...changed]
      changed.clear()
      if (names.length > 0) await work(names)
    })
  }

  const watcher = watch([...paths], {
    ignoreInitial: true,
    ignored: (path, stats) => isElsewhere(path) || (stats?.isFile() === true && !isRead.test(path)),
  })
  watcher.on('all', (_, path) => {
    changed.add(basename(path))
    clearTimeout(timer)
    timer = setTimeout(begin, settleMs)
  })
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  return async () => {
    clearTimeout(timer)
    await watcher.close()
    await working
  }
}

/** What rules are read from; editors leave other files beside them. */
const isRead = /\.(js|ts|json)$/

/** Packages, and what version control keeps. */
function isElsewhere(path: string): boolean {
  return /(^|[\\/])(node_modules|\.git)([\\/]|$)/.test(path)
}

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
  const changedNames = new Set<string>()
  let pendingWork = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined

  function startWork(): void {
    pendingWork = pendingWork.then(async () => {
      const names = [...changedNames]
      changedNames.clear()
      if (names.length > 0) await work(names)
    })
  }

  const watcher = watch([...paths], {
    ignoreInitial: true,
    ignored: (path, stats) => isIgnoredFolder(path) || (stats?.isFile() === true && !readablePattern.test(path)),
  })
  watcher.on('all', (_, path) => {
    changedNames.add(basename(path))
    clearTimeout(timer)
    timer = setTimeout(startWork, settleMs)
  })
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  return async () => {
    clearTimeout(timer)
    await watcher.close()
    await pendingWork
  }
}

/** What rules are read from; editors leave other files beside them. */
const readablePattern = /\.(js|ts|json)$/

/** Packages, and what version control keeps. */
function isIgnoredFolder(path: string): boolean {
  return /(^|[\\/])(node_modules|\.git)([\\/]|$)/.test(path)
}

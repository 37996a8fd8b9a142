import { basename } from 'node:path'
import { watch } from 'chokidar'

/** One save often causes several events, for one file or more. */
const settleMs = 25

/**
 * Calls `work` with the names of files that have just changed. Calls never overlap.
 *
 * Once the files are watched, resolves to a function that stops watching.
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

/** Files that rules are read from. Editors write other files beside them. */
const readablePattern = /\.(js|ts|json)$/

/** Skips installed packages and the data of git. */
function isIgnoredFolder(path: string): boolean {
  return /(^|[\\/])(node_modules|\.git)([\\/]|$)/.test(path)
}

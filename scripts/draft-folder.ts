import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Beside `dist`, on the same file system: what is finished here gets there by a rename. */
const draftsFolder = '.build'

/** Gives `work` an empty folder of its own, and removes it afterwards. Drafts of builds that were killed go, too. */
export async function withDraftFolder<Result>(
  root: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const drafts = join(root, draftsFolder)
  mkdirSync(drafts, { recursive: true })
  for (const name of readdirSync(drafts)) {
    if (!isRunning(Number.parseInt(name, 10))) rmSync(join(drafts, name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(drafts, `${process.pid}-`))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** On the same file system as `dist`: a rename moves a finished draft there. */
const draftsFolder = '.build'

/** Calls `work` with an empty folder, and removes it afterwards, together with the drafts of builds that were killed. */
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
    // EPERM: the process runs, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

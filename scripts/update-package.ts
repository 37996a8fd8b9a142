import { cpSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BuildPart, BuildPaths } from './build-part.ts'
import { isCurrent, readRecord, writeRecord } from './build-record.ts'
import { withDraftFolder } from './draft-folder.ts'
import { buildDraft } from './update-part.ts'

const maxAttempts = 10

/**
 * Brings all parts of `target` up to date at once; resolves to the names of the parts that were built.
 *
 * The new folder is completed beside the old one, and replaces it by a rename. If a part or `complete` fails, the old folder
 * stays. `complete` may add files that all parts decide.
 */
export async function updatePackage(
  parts: readonly BuildPart[],
  { root, target }: BuildPaths,
  complete: (folder: string) => void = () => undefined,
): Promise<readonly string[]> {
  const stale = parts.filter((part) => !isCurrent(part, root, target))
  if (stale.length === 0) return []
  return await withDraftFolder(root, async (folder) => {
    const newDist = join(folder, 'whole')
    const build = async (part: BuildPart): Promise<void> => {
      const draft = join(folder, part.name)
      const record = await buildDraft(part, root, draft)
      moveFiles(record.outputs, draft, newDist)
      writeRecord(part, newDist, record)
    }
    // All builds have to end before the folder that they write to is removed.
    const results = await Promise.allSettled(stale.map(build))
    for (const result of results) if (result.status === 'rejected') throw result.reason
    const built = stale.map(({ name }) => name)
    for (const part of parts) {
      if (stale.includes(part)) continue
      if (copyPart(part, { from: target, to: newDist, draft: join(folder, `copy-of-${part.name}`) })) continue
      await build(part)
      built.push(part.name)
    }
    complete(newDist)
    swapFolders(newDist, target, folder)
    return built
  })
}

function moveFiles(files: readonly string[], from: string, to: string): void {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
}

/** Copies a part that has not changed; false if another build replaced it meanwhile. */
function copyPart(part: BuildPart, { from, to, draft }: { from: string; to: string; draft: string }): boolean {
  const record = readRecord(part, from)
  if (record === undefined) return false
  try {
    for (const file of record.outputs) {
      // A running server sees by the modification times that its files are still the same.
      cpSync(join(from, file), join(draft, file), { preserveTimestamps: true })
    }
  } catch (error) {
    if (getErrorCode(error) === 'ENOENT') return false
    throw error
  }
  if (readRecord(part, from)?.fingerprint !== record.fingerprint) return false
  moveFiles(record.outputs, draft, to)
  writeRecord(part, to, record)
  return true
}

/** Moves the old `target` into `folder`, and `draft` to `target`. */
function swapFolders(draft: string, target: string, folder: string): void {
  for (let attempt = 1; ; attempt++) {
    const former = join(folder, `former-${attempt}`)
    const hasMoved = tryRename(target, former, ['ENOENT'])
    try {
      // Another build may have been faster: the next attempt moves its folder away, too.
      if (tryRename(draft, target, attempt < maxAttempts ? ['ENOTEMPTY', 'EEXIST'] : [])) return
    } catch (error) {
      if (hasMoved) tryRename(former, target, ['ENOTEMPTY', 'EEXIST'])
      throw error
    }
  }
}

/** Renames a folder; false if that fails with one of `codes`. */
function tryRename(from: string, to: string, codes: readonly string[]): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (codes.includes(getErrorCode(error))) return false
    throw error
  }
}

function getErrorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

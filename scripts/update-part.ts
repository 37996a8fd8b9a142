import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { BuildPart, BuildPaths } from './build-part.ts'
import {
  type BuildRecord,
  fingerprintInputs,
  isCurrent,
  isNewerThan,
  readRecord,
  removeRecord,
  writeRecord,
} from './build-record.ts'
import { withDraftFolder } from './draft-folder.ts'

const maxAttempts = 5

/**
 * Brings one part of `target` up to date, file by file; resolves to false if it already was.
 *
 * A rename replaces each file: a program that reads it meanwhile sees the old file or the new one.
 */
export async function updatePart(part: BuildPart, { root, target }: BuildPaths): Promise<boolean> {
  if (isCurrent(part, root, target)) return false
  await withDraftFolder(root, async (folder) => {
    const draft = join(folder, 'draft')
    const record = await buildDraft(part, root, draft)
    for (let attempt = 1; ; attempt++) {
      try {
        replaceFiles(part, record, { draft, target, spare: join(folder, 'file') })
        return
      } catch (error) {
        // Another build swapped the whole target meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === maxAttempts) throw error
      }
    }
  })
  return true
}

/** Builds a part into a new folder, and returns the record of its inputs and outputs. */
export async function buildDraft(part: BuildPart, root: string, draft: string): Promise<BuildRecord> {
  const startedMs = Date.now()
  mkdirSync(draft, { recursive: true })
  const before = fingerprintInputs(root, part.listInputs(root))
  const foundInputs = await part.write(root, draft)
  const listedInputs = part.listInputs(root)
  // Listed inputs are compared by content: a file may be replaced by an older one. For inputs that only the build knows,
  // the modification time has to do.
  const hasChanged =
    fingerprintInputs(root, listedInputs) !== before ||
    foundInputs.some((path) => isNewerThan(join(root, path), startedMs))
  const fingerprint = hasChanged ? '' : fingerprintInputs(root, [...listedInputs, ...foundInputs])
  return { fingerprint, foundInputs, outputs: listFiles(draft) }
}

interface Replacement {
  readonly draft: string
  readonly target: string
  /** A path for one file, on the file system of the target. */
  readonly spare: string
}

function replaceFiles(part: BuildPart, record: BuildRecord, { draft, target, spare }: Replacement): void {
  const before = readRecord(part, target)?.outputs ?? []
  // Without a record the part is stale. So it is built again if this is interrupted.
  removeRecord(part, target)
  for (const file of record.outputs) {
    copyFileSync(join(draft, file), spare)
    mkdirSync(dirname(join(target, file)), { recursive: true })
    renameSync(spare, join(target, file))
  }
  for (const file of before) {
    if (!record.outputs.includes(file)) rmSync(join(target, file), { force: true })
  }
  writeRecord(part, target, record)
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted()
}

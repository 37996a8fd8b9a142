import { formatCount } from '../print/format-count.ts'
import { appendFileSync, rmSync, statSync } from 'node:fs'
import { createEntryReader } from '../../store/import/entry-reader.ts'
import type { ImportEntry, ImportResult } from '../../store/contract/imports.ts'
import type { Store } from '../../store/contract/store.ts'
import { createProgress } from '../print/progress.ts'
import { openUsersFile } from '../flags/users-file.ts'

export interface ImportRun {
  readonly store: Store
  readonly path: string
  readonly connection: string
  readonly upsert: boolean
  /** File for the users that failed, one per line. It is created with the first of them. */
  readonly errorsPath: string
}

export interface ImportReport {
  readonly counts: Readonly<Record<ImportResult['status'], number>>
  /** The error at which the file stopped being JSON. Users before it may have been imported. */
  readonly parseError: string | undefined
}

const batchSize = 500

/**
 * Imports a file of users, 500 per transaction.
 *
 * After a crash, each user is imported completely or not at all. The next run skips those that are there.
 */
export async function importUsersFile(run: ImportRun): Promise<ImportReport> {
  const counts = { inserted: 0, updated: 0, present: 0, failed: 0 }
  const file = openUsersFile(run.path)
  const size = statSync(run.path).size
  rmSync(run.errorsPath, { force: true })
  const progress = createProgress(process.stderr)
  const readEntry = createEntryReader(run.connection)
  let batch: ImportEntry[] = []

  const writeBatch = async (): Promise<void> => {
    const results = await run.store.users.import(batch, { upsert: run.upsert })
    for (const { status } of results) counts[status] += 1
    appendErrors(run.errorsPath, batch, results)
    batch = []
    const importedCount = Object.values(counts).reduce((sum, count) => sum + count)
    progress.show(file.countBytesRead() / size, formatCount(importedCount, 'user'))
  }
  let parseError: string | undefined
  try {
    for await (const entry of file.entries) {
      batch.push('value' in entry ? readEntry(entry.value) : toBadLineEntry(entry.badLine))
      if (batch.length === batchSize) await writeBatch()
    }
  } catch (error) {
    // Only the parser throws plain errors; the store throws its own.
    if (!(error instanceof Error && error.constructor === Error)) throw error
    parseError = error.message
  }
  if (batch.length > 0) await writeBatch()
  progress.end()
  return { counts, parseError }
}

function toBadLineEntry(number: number): ImportEntry {
  const message = `Line ${number} is not JSON; write one user per line, or an array of users.`
  return { ok: false, toPublicUser: () => ({}), errors: [{ code: 'INVALID_FORMAT', message }] }
}

function appendErrors(path: string, entries: readonly ImportEntry[], results: readonly ImportResult[]): void {
  const lines = results.flatMap((result, index) =>
    result.status === 'failed'
      ? [`${JSON.stringify({ user: entries[index]?.toPublicUser() ?? {}, errors: result.errors })}\n`]
      : [],
  )
  // Readable by its owner only: it holds profiles.
  if (lines.length > 0) appendFileSync(path, lines.join(''), { mode: 0o600 })
}

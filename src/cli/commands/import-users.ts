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
  /** Where users go that were not written, one a line; made when there is one. */
  readonly errorsPath: string
}

export interface ImportReport {
  readonly counts: Readonly<Record<ImportResult['status'], number>>
  /** What was wrong where the file stopped being JSON; users that stand before may have been imported. */
  readonly parseError: string | undefined
}

const batchSize = 500

/**
 * Imports a file of users, so many in one transaction: after a crash each user is there whole or not at all, and another run
 * passes over those who are there.
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
    const doneCount = Object.values(counts).reduce((sum, count) => sum + count)
    progress.show(file.bytesRead() / size, `${doneCount.toLocaleString('en')} users`)
  }
  let parseError: string | undefined
  try {
    for await (const piece of file.pieces) {
      batch.push('value' in piece ? readEntry(piece.value) : toBadLineEntry(piece.badLine))
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
  const message = `Line ${number} is not JSON; write one user a line, or an array of users.`
  return { ok: false, toPublicUser: () => ({}), errors: [{ code: 'INVALID_FORMAT', message }] }
}

function appendErrors(path: string, entries: readonly ImportEntry[], results: readonly ImportResult[]): void {
  const lines = results.flatMap((result, index) =>
    result.status === 'failed'
      ? [`${JSON.stringify({ user: entries[index]?.toPublicUser() ?? {}, errors: result.errors })}\n`]
      : [],
  )
  // For its owner only: it holds profiles.
  if (lines.length > 0) appendFileSync(path, lines.join(''), { mode: 0o600 })
}

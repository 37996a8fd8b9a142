import type { Transaction } from 'kysely'
import type { ImportEntry, ImportResult } from '../../contract/imports.ts'
import type { JobError, Lease } from '../../contract/jobs.ts'
import { writeMissing } from '../../import/write-missing.ts'
import { writeUsers } from '../../import/write-users.ts'
import type { Tables } from '../database/tables.ts'
import type { UserStoreParts } from '../users/parts.ts'
import { computeLeaseEnd, filterByLease } from './lease.ts'

/** Writes users, the job's progress and a renewed lease in one transaction. False if this process lost the lease. */
export async function importUsers(
  { database, clock }: Pick<UserStoreParts, 'database' | 'clock'>,
  lease: Lease,
  entries: readonly ImportEntry[],
  { upsert }: { readonly upsert: boolean },
): Promise<boolean> {
  return await writeMissing(database, async (db) => {
    const renewal = db.updateTable('jobs').set({ lease_until_ms: computeLeaseEnd(clock()) })
    const row = await filterByLease(renewal, lease).returning('position').executeTakeFirst()
    if (row === undefined) return false
    const results = await writeUsers(db, entries, { upsert, nowIso: new Date(clock()).toISOString() })
    await recordProgress(db, lease, { position: row.position, entries, results })
    return true
  })
}

interface Progress {
  readonly position: number
  readonly entries: readonly ImportEntry[]
  readonly results: readonly ImportResult[]
}

async function recordProgress(
  db: Transaction<Tables>,
  lease: Lease,
  { position, entries, results }: Progress,
): Promise<void> {
  const count = (status: ImportResult['status']): number => results.filter((result) => result.status === status).length
  // Without upsert, a user who exists already counts as failed, as in Auth0.
  const errorRows = results.flatMap((result, index) =>
    'errors' in result
      ? [{ job_id: lease.job.id, position: position + index, document: writeErrorDocument(entries[index], result) }]
      : [],
  )
  const progressUpdate = filterByLease(
    db.updateTable('jobs').set((column) => ({
      position: column('position', '+', results.length),
      inserted: column('inserted', '+', count('inserted')),
      updated: column('updated', '+', count('updated')),
      failed: column('failed', '+', errorRows.length),
    })),
    lease,
  )
  await progressUpdate.execute()
  if (errorRows.length > 0) await db.insertInto('job_errors').values(errorRows).execute()
}

function writeErrorDocument(entry: ImportEntry | undefined, { errors }: Pick<JobError, 'errors'>): string {
  return JSON.stringify({ user: entry?.toPublicUser() ?? {}, errors } satisfies JobError)
}

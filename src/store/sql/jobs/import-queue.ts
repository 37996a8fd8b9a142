import { randomBytes } from 'node:crypto'
import type { ImportWork, Job, NewImportJob } from '../../contract/jobs.ts'
import type { UserStoreParts } from '../users/parts.ts'
import { createJobRow, toJob } from './job-row.ts'
import { computeLeaseEnd } from './lease.ts'

const maxImports = 2

type JobStoreParts = Pick<UserStoreParts, 'database' | 'clock'>

/** Adds a pending import in a free slot. Undefined if every slot is taken. */
export async function enqueueImport(
  { database, clock }: JobStoreParts,
  { connectionId, parameters, input }: NewImportJob,
): Promise<Job | undefined> {
  const columns = { connection_id: connectionId, parameters: JSON.stringify(parameters), input }
  for (let slot = 1; slot <= maxImports; slot++) {
    const row = createJobRow('users_import', clock(), { ...columns, slot })
    const { numInsertedOrUpdatedRows: inserted = 0n } = await database.run((db) =>
      db
        .insertInto('jobs')
        .values(row)
        .onConflict((conflict) => conflict.columns(['type', 'slot']).doNothing())
        .executeTakeFirstOrThrow(),
    )
    if (inserted > 0n) return toJob(row)
  }
  return undefined
}

/** Leases the oldest import that is pending or whose lease has expired. */
export async function claimImport({ database, clock }: JobStoreParts): Promise<ImportWork | undefined> {
  const nowMs = clock()
  const leaseId = randomBytes(16).toString('hex')
  const row = await database.run((db) =>
    db
      .updateTable('jobs')
      .set((column) => ({
        status: 'processing',
        attempts: column('attempts', '+', 1),
        lease_id: leaseId,
        lease_until_ms: computeLeaseEnd(nowMs),
      }))
      .where('id', '=', (select) =>
        select
          .selectFrom('jobs as candidate')
          .select('candidate.id')
          .where('candidate.type', '=', 'users_import')
          .where('candidate.slot', 'is not', null)
          .where('candidate.lease_until_ms', '<=', nowMs)
          .orderBy('candidate.created_at_ms')
          .limit(1),
      )
      // Checked again: if two processes select the same job, the second one finds it leased.
      .where('lease_until_ms', '<=', nowMs)
      .returningAll()
      .executeTakeFirst(),
  )
  return row && { job: toJob(row), input: row.input ?? '', attempts: row.attempts, leaseId }
}

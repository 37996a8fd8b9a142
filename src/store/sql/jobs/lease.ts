import type { Insertable } from 'kysely'
import type { Lease } from '../../contract/jobs.ts'
import type { Database } from '../database/database.ts'
import type { JobsTable } from '../database/tables.ts'

const leaseMs = 30_000

export function computeLeaseEnd(nowMs: number): number {
  return nowMs + leaseMs
}

/** Restricts a query to the job, and to the time in which this process holds its lease. */
export function filterByLease<Query extends { where(column: 'id' | 'lease_id', operator: '=', value: string): Query }>(
  query: Query,
  { job, leaseId }: Lease,
): Query {
  return query.where('id', '=', job.id).where('lease_id', '=', leaseId)
}

/** Changes the job if this process still holds its lease. */
export async function updateLeasedJob(
  database: Database,
  lease: Lease,
  columns: Partial<Insertable<JobsTable>>,
): Promise<void> {
  await database.run((db) => filterByLease(db.updateTable('jobs').set(columns), lease).execute())
}

import type { Insertable, Selectable } from 'kysely'
import type { Job } from '../../contract/jobs.ts'
import { generateId } from '../database/generate-id.ts'
import { readJson } from '../database/json.ts'
import type { JobsTable } from '../database/tables.ts'

type JobRow = Insertable<JobsTable>

/** The row of a new job: pending, with nothing done, unless `columns` say otherwise. */
export function createJobRow(type: Job['type'], createdAtMs: number, columns: Partial<JobRow>): JobRow {
  return {
    id: generateId('job'),
    type,
    status: 'pending',
    parameters: '{}',
    total: 0,
    position: 0,
    inserted: 0,
    updated: 0,
    failed: 0,
    attempts: 0,
    lease_until_ms: 0,
    created_at_ms: createdAtMs,
    ...columns,
  }
}

export function toJob(row: JobRow | Selectable<JobsTable>): Job {
  const { id, total, position, inserted, updated, failed } = row
  return {
    id,
    type: row.type as Job['type'],
    status: row.status as Job['status'],
    statusDetails: row.status_details ?? undefined,
    connectionId: row.connection_id ?? undefined,
    parameters: readJson(row.parameters) as Job['parameters'],
    summary: { total, inserted, updated, failed },
    position,
    createdAtMs: Number(row.created_at_ms),
  }
}

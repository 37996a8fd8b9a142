import { randomBytes } from 'node:crypto'
import type { Insertable, Selectable, Transaction } from 'kysely'
import type { ImportEntry, ImportResult } from '../../import/imports.ts'
import { writeMissing } from '../../import/write-missing.ts'
import { writeUsers } from '../../import/write-users.ts'
import type { Job, JobError, JobStore, Lease } from '../../contract/jobs.ts'
import { readJson } from '../database/json.ts'
import { generateId } from '../database/generate-id.ts'
import type { JobsTable, Tables } from '../database/tables.ts'
import type { UserStoreParts } from '../users/parts.ts'

const importsAtOnce = 2
const leaseMs = 30_000

export function createJobStore({ database, clock }: Pick<UserStoreParts, 'database' | 'clock'>): JobStore {
  const createRow = (type: Job['type'], columns: Partial<Insertable<JobsTable>>): Insertable<JobsTable> => ({
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
    created_at_ms: clock(),
    ...columns,
  })
  const buildLeaseRenewal = (): Pick<Insertable<JobsTable>, 'lease_until_ms'> => ({ lease_until_ms: clock() + leaseMs })
  const updateJob = async (lease: Lease, columns: Partial<Insertable<JobsTable>>): Promise<void> => {
    await database.run((db) => filterByLease(db.updateTable('jobs').set(columns), lease).execute())
  }
  return {
    async createImport({ connectionId, parameters, input }) {
      const columns = { connection_id: connectionId, parameters: JSON.stringify(parameters), input }
      for (let slot = 1; slot <= importsAtOnce; slot++) {
        const row = createRow('users_import', { ...columns, slot })
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
    },
    async createExport({ connectionId, parameters }) {
      const columns = { connection_id: connectionId ?? null, parameters: JSON.stringify(parameters) }
      const row = createRow('users_export', { ...columns, status: 'completed' })
      await database.run((db) => db.insertInto('jobs').values(row).execute())
      return toJob(row)
    },
    async get(id) {
      const row = await database.run((db) => db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst())
      return row && toJob(row)
    },
    async listErrors(id) {
      const rows = await database.run((db) =>
        db.selectFrom('job_errors').select('document').where('job_id', '=', id).orderBy('position').execute(),
      )
      return rows.map(({ document }) => readJson(document) as JobError)
    },
    async claimImport() {
      const nowMs = clock()
      const leaseId = randomBytes(16).toString('hex')
      const row = await database.run((db) =>
        db
          .updateTable('jobs')
          .set((column) => ({
            status: 'processing',
            attempts: column('attempts', '+', 1),
            lease_id: leaseId,
            ...buildLeaseRenewal(),
          }))
          .where('id', '=', (select) =>
            select
              .selectFrom('jobs as waiting')
              .select('waiting.id')
              .where('waiting.type', '=', 'users_import')
              .where('waiting.slot', 'is not', null)
              .where('waiting.lease_until_ms', '<=', nowMs)
              .orderBy('waiting.created_at_ms')
              .limit(1),
          )
          // Once more: of two that read the same one, the second finds its lease taken.
          .where('lease_until_ms', '<=', nowMs)
          .returningAll()
          .executeTakeFirst(),
      )
      return row && { job: toJob(row), input: row.input ?? '', attempts: row.attempts, leaseId }
    },
    setTotal: async (lease, total) => await updateJob(lease, { total }),
    async importUsers(lease, entries, { upsert }) {
      return await writeMissing(database, async (db) => {
        const row = await filterByLease(db.updateTable('jobs').set(buildLeaseRenewal()), lease)
          .returning('position')
          .executeTakeFirst()
        if (row === undefined) return false
        const results = await writeUsers(db, entries, { upsert, nowIso: new Date(clock()).toISOString() })
        await recordProgress(db, lease, { position: row.position, entries, results })
        return true
      })
    },
    async finish(lease, errorMessage) {
      const status = errorMessage === undefined ? 'completed' : 'failed'
      await updateJob(lease, { status, status_details: errorMessage ?? null, slot: null, input: null, lease_id: null })
    },
    release: async (lease) => await updateJob(lease, { lease_until_ms: 0 }),
    async purgeBefore(ms) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('jobs').where('created_at_ms', '<', ms).where('slot', 'is', null).executeTakeFirstOrThrow(),
      )
      return Number(numDeletedRows)
    },
  }
}

/** Only while the lease is this process's. */
function filterByLease<Query extends { where(column: 'id' | 'lease_id', operator: '=', value: string): Query }>(
  query: Query,
  { job, leaseId }: Lease,
): Query {
  return query.where('id', '=', job.id).where('lease_id', '=', leaseId)
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
  // Without upsert, a user who is there already is a failure, as in Auth0.
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

function toJob(row: Insertable<JobsTable> | Selectable<JobsTable>): Job {
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

import { randomBytes } from 'node:crypto'
import type { Insertable, Selectable, Transaction } from 'kysely'
import type { ImportEntry, ImportResult } from '../../import/imports.ts'
import { writeMissing } from '../../import/write-missing.ts'
import { writeUsers } from '../../import/write-users.ts'
import type { Job, JobError, JobStore, Lease } from '../../contract/jobs.ts'
import { readJson } from '../database/json.ts'
import type { JobsTable, Tables } from '../database/tables.ts'
import type { UserStoreParts } from '../users/parts.ts'

const importsAtOnce = 2
const leaseMs = 30_000

export function createJobStore({ database, clock }: Pick<UserStoreParts, 'database' | 'clock'>): JobStore {
  const newRow = (type: Job['type'], given: Partial<Insertable<JobsTable>>): Insertable<JobsTable> => ({
    id: `job_${randomBytes(8).toString('hex')}`,
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
    ...given,
  })
  const renewed = (): Pick<Insertable<JobsTable>, 'lease_until_ms'> => ({ lease_until_ms: clock() + leaseMs })
  const change = async (lease: Lease, columns: Partial<Insertable<JobsTable>>): Promise<void> => {
    await database.run((db) => held(db.updateTable('jobs').set(columns), lease).execute())
  }
  return {
    async createImport({ connectionId, parameters, input }) {
      const given = { connection_id: connectionId, parameters: JSON.stringify(parameters), input }
      for (let slot = 1; slot <= importsAtOnce; slot++) {
        const row = newRow('users_import', { ...given, slot })
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
      const given = { connection_id: connectionId ?? null, parameters: JSON.stringify(parameters) }
      const row = newRow('users_export', { ...given, status: 'completed' })
      await database.run((db) => db.insertInto('jobs').values(row).execute())
      return toJob(row)
    },
    async get(id) {
      const row = await database.run((db) => db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst())
      return row && toJob(row)
    },
    async errorsOf(id) {
      const rows = await database.run((db) =>
        db.selectFrom('job_errors').select('document').where('job_id', '=', id).orderBy('position').execute(),
      )
      return rows.map(({ document }) => readJson(document) as JobError)
    },
    async takeImport() {
      const nowMs = clock()
      const leaseId = randomBytes(16).toString('hex')
      const row = await database.run((db) =>
        db
          .updateTable('jobs')
          .set((column) => ({
            status: 'processing',
            attempts: column('attempts', '+', 1),
            lease_id: leaseId,
            ...renewed(),
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
    setTotal: async (lease, total) => await change(lease, { total }),
    async importUsers(lease, entries, { upsert }) {
      return await writeMissing(database, async (db) => {
        const row = await held(db.updateTable('jobs').set(renewed()), lease).returning('position').executeTakeFirst()
        if (row === undefined) return false
        const results = await writeUsers(db, entries, { upsert, nowIso: new Date(clock()).toISOString() })
        await record(db, lease, { position: row.position, entries, results })
        return true
      })
    },
    async finish(lease, failure) {
      const status = failure === undefined ? 'completed' : 'failed'
      await change(lease, { status, status_details: failure ?? null, slot: null, input: null, lease_id: null })
    },
    release: async (lease) => await change(lease, { lease_until_ms: 0 }),
    async forgetBefore(ms) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('jobs').where('created_at_ms', '<', ms).where('slot', 'is', null).executeTakeFirstOrThrow(),
      )
      return Number(numDeletedRows)
    },
  }
}

/** Only while the lease is this process's. */
function held<Query extends { where(column: 'id' | 'lease_id', operator: '=', value: string): Query }>(
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

async function record(db: Transaction<Tables>, lease: Lease, { position, entries, results }: Progress): Promise<void> {
  const count = (status: ImportResult['status']): number => results.filter((result) => result.status === status).length
  // Without upsert, a user who is there already is a failure, as in Auth0.
  const failures = results.flatMap((result, index) =>
    'errors' in result
      ? [{ job_id: lease.job.id, position: position + index, document: errorDocument(entries[index], result) }]
      : [],
  )
  const counted = held(
    db.updateTable('jobs').set((column) => ({
      position: column('position', '+', results.length),
      inserted: column('inserted', '+', count('inserted')),
      updated: column('updated', '+', count('updated')),
      failed: column('failed', '+', failures.length),
    })),
    lease,
  )
  await counted.execute()
  if (failures.length > 0) await db.insertInto('job_errors').values(failures).execute()
}

function errorDocument(entry: ImportEntry | undefined, { errors }: Pick<JobError, 'errors'>): string {
  return JSON.stringify({ user: entry?.shown() ?? {}, errors } satisfies JobError)
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

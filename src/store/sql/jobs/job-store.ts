import type { JobError, JobStore } from '../../contract/jobs.ts'
import { readJson } from '../database/json.ts'
import type { UserStoreParts } from '../users/parts.ts'
import { claimImport, enqueueImport } from './import-queue.ts'
import { importUsers } from './import-users.ts'
import { createJobRow, toJob } from './job-row.ts'
import { updateLeasedJob } from './lease.ts'

/** Each method that changes a job is one transition of `JobStatus`. */
export function createJobStore(parts: Pick<UserStoreParts, 'database' | 'clock'>): JobStore {
  const { database, clock } = parts
  return {
    createImport: async (job) => await enqueueImport(parts, job),
    async createExport({ connectionId, parameters }) {
      const row = createJobRow('users_export', clock(), {
        status: 'completed',
        connection_id: connectionId ?? null,
        parameters: JSON.stringify(parameters),
      })
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
    claimImport: async () => await claimImport(parts),
    setTotal: async (lease, total) => await updateLeasedJob(database, lease, { total }),
    importUsers: async (lease, entries, options) => await importUsers(parts, lease, entries, options),
    async finish(lease, errorMessage) {
      await updateLeasedJob(database, lease, {
        status: errorMessage === undefined ? 'completed' : 'failed',
        status_details: errorMessage ?? null,
        slot: null,
        input: null,
        lease_id: null,
      })
    },
    release: async (lease) => await updateLeasedJob(database, lease, { lease_until_ms: 0 }),
    async purgeBefore(ms) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('jobs').where('created_at_ms', '<', ms).where('slot', 'is', null).executeTakeFirstOrThrow(),
      )
      return Number(numDeletedRows)
    },
  }
}

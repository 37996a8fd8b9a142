import type { Job } from '../../../store/contract/jobs.ts'

/** Maps a job to its response; the time left is estimated from the time taken. */
export function toJobResponse(job: Job, nowMs: number): Record<string, unknown> {
  const { id, type, status, statusDetails, connectionId, parameters, createdAtMs } = job
  return {
    type,
    status,
    id,
    created_at: new Date(createdAtMs).toISOString(),
    ...(connectionId === undefined ? {} : { connection_id: connectionId }),
    ...parameters,
    ...(statusDetails === undefined ? {} : { status_details: statusDetails }),
    ...buildProgress(job, nowMs),
  }
}

function buildProgress({ status, type, summary, position, createdAtMs }: Job, nowMs: number): object {
  if (status === 'completed') {
    const done = { percentage_done: 100, time_left_seconds: 0 }
    return type === 'users_import' ? { ...done, summary } : done
  }
  if (status !== 'processing' || position === 0) return {}
  const remaining = summary.total - position
  return {
    percentage_done: Math.floor((position / summary.total) * 100),
    time_left_seconds: Math.ceil(((nowMs - createdAtMs) / position / 1_000) * remaining),
  }
}

export const jobSchema = {
  type: 'object',
  properties: {
    type: { enum: ['users_import', 'users_export'] },
    status: { enum: ['pending', 'processing', 'completed', 'failed'] },
    status_details: { type: 'string' },
    id: { type: 'string' },
    created_at: { type: 'string', format: 'date-time' },
    connection_id: { type: 'string' },
    connection: { type: 'string' },
    external_id: { type: 'string' },
    upsert: { type: 'boolean' },
    format: { enum: ['json', 'csv'] },
    limit: { type: 'integer' },
    fields: { type: 'array', items: { type: 'object' } },
    location: {
      type: 'string',
      description: 'The link to the file of an export, valid for 60 seconds; each call creates a new one.',
    },
    percentage_done: { type: 'integer' },
    time_left_seconds: { type: 'integer' },
    summary: {
      type: 'object',
      properties: Object.fromEntries(
        ['total', 'inserted', 'updated', 'failed'].map((name) => [name, { type: 'integer' }]),
      ),
    },
  },
  required: ['type', 'status', 'id'],
} as const

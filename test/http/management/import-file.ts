import type { Answer, Calls } from './calls.ts'

/** What a job's answer holds. */
export interface JobAnswer {
  readonly id: string
  readonly status: string
  readonly status_details?: string
  readonly summary?: Readonly<Record<string, number>>
  readonly location?: string
}

/** The form of an import, as a browser or curl would send it. */
export function importForm(users: unknown, fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  const text = typeof users === 'string' ? users : JSON.stringify(users)
  form.append('users', new Blob([text], { type: 'application/json' }), 'users.json')
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

/** Asks for a job until it has ended. */
export async function ended(get: () => Promise<JobAnswer>): Promise<JobAnswer> {
  for (;;) {
    const job = await get()
    if (job.status === 'completed' || job.status === 'failed') return job
  }
}

/** Imports a file, waits for the end, and returns the job with its errors. */
export async function importFile(
  { call }: Calls,
  form: FormData,
): Promise<{ readonly job: JobAnswer; readonly errors: Answer }> {
  const created = await call('POST', '/jobs/users-imports', form)
  if (created.status !== 202) throw new Error(`no import: ${created.text}`)
  const { id } = created.body as JobAnswer
  const job = await ended(async () => (await call('GET', `/jobs/${id}`)).body as JobAnswer)
  return { job, errors: await call('GET', `/jobs/${id}/errors`) }
}

import { answer, refuse } from '../answer.ts'
import { operation } from '../operation.ts'
import { locationOf } from './location.ts'
import { jobSchema, presentJob } from './present.ts'

const noSuchJob = refuse(404, 'inexistent_job', 'The job does not exist; jobs are kept for 24 hours.')

export const getJob = operation({
  id: 'getJob',
  method: 'GET',
  path: '/jobs/{id}',
  tag: 'jobs',
  summary: 'Get a job: how far it is, and where the file of an export is',
  attributes: 'Views none.',
  scopes: ['create:users', 'read:users'],
  success: { status: 200, body: jobSchema },
  async run({ path, caller, ...services }) {
    const job = await services.store.jobs.get(path['id'] ?? '')
    if (job === undefined) return noSuchJob
    const shown = presentJob(job, services.clock())
    const mayExport = job.type === 'users_export' && caller.scopes.includes('read:users')
    return answer(mayExport ? { ...shown, location: await locationOf(job, services, caller) } : shown)
  },
})

export const getJobErrors = operation({
  id: 'getJobErrors',
  method: 'GET',
  path: '/jobs/{id}/errors',
  tag: 'jobs',
  summary: 'Get the users that an import did not write, with what was wrong; 204 when there are none',
  attributes: 'Views those of users who could not be imported, as the file gave them, without their hashes.',
  scopes: ['create:users', 'read:users'],
  success: {
    status: 200,
    body: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          user: { type: 'object', description: 'As in the file, without passwords and hashes.' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              properties: { code: { type: 'string' }, message: { type: 'string' }, path: { type: 'string' } },
              required: ['code', 'message'],
            },
          },
        },
      },
    },
  },
  async run({ store, path, clock }) {
    const id = path['id'] ?? ''
    const job = await store.jobs.get(id)
    if (job === undefined) return noSuchJob
    // A job that failed as a whole: as Auth0 does, the job itself, which says why.
    if (job.status === 'failed') return answer(presentJob(job, clock()))
    const errors = await store.jobs.errorsOf(id)
    return errors.length === 0 ? { ...answer(), status: 204 } : answer(errors)
  },
})

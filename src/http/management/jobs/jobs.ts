import { reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { createDownloadUrl } from './download.ts'
import { jobSchema, toJobResponse } from './job-response.ts'

const noSuchJob = managementError(404, 'inexistent_job', 'The job does not exist; jobs are kept for 24 hours.')

export const getJobOperation = defineOperation({
  id: 'getJob',
  method: 'GET',
  path: '/jobs/{id}',
  tag: 'jobs',
  summary: 'Get a job: its progress, and the link to the file of an export',
  attributes: 'Views none.',
  scopes: ['create:users', 'read:users'],
  success: { status: 200, body: jobSchema },
  async run({ path, caller, ...services }) {
    const job = await services.store.jobs.get(path['id'] ?? '')
    if (job === undefined) return noSuchJob
    const response = toJobResponse(job, services.clock())
    const canExport = job.type === 'users_export' && caller.scopes.includes('read:users')
    return reply(canExport ? { ...response, location: await createDownloadUrl(job, services, caller) } : response)
  },
})

export const getJobErrorsOperation = defineOperation({
  id: 'getJobErrors',
  method: 'GET',
  path: '/jobs/{id}/errors',
  tag: 'jobs',
  summary: 'Get the users that an import rejected, with the errors of each; 204 if there are none',
  attributes: 'Views those of rejected users, as in the file, without password hashes.',
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
    // If the whole job failed, the response is the job itself, with the reason, as in Auth0.
    if (job.status === 'failed') return reply(toJobResponse(job, clock()))
    const errors = await store.jobs.listErrors(id)
    return errors.length === 0 ? { ...reply(), status: 204 } : reply(errors)
  },
})

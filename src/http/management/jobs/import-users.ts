import { reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { jobSchema, toJobResponse } from './job-response.ts'

/** Auth0's limit. */
const maxFileBytes = 512_000

export const importUsersOperation = defineOperation({
  id: 'importUsers',
  method: 'POST',
  path: '/jobs/users-imports',
  tag: 'jobs',
  summary: 'Import users from a JSON file of up to 500 kB, in the background; at most two imports at a time',
  attributes: 'Sets those of the import schema; a password only as a hash.',
  scopes: ['create:users'],
  multipart: {
    maxFileBytes,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        users: {
          type: 'string',
          contentMediaType: 'application/json',
          description: 'A file with an array of users.',
        },
        connection_id: { type: 'string', minLength: 1 },
        upsert: {
          type: 'boolean',
          description: 'Whether an existing user is updated (true) or is an error (false, default).',
        },
        external_id: { type: 'string', maxLength: 255 },
        send_completion_email: { type: 'boolean', description: 'Accepted for compatibility; no e-mail is sent.' },
      },
      required: ['users', 'connection_id'],
    },
  },
  success: { status: 202, body: jobSchema },
  async run({ store, body, clock, jobs }) {
    const connection = await store.connections.get(body.connection_id)
    if (connection === undefined) return managementError(400, 'inexistent_connection', 'The connection does not exist.')
    const { id, name, strategy } = connection
    if (strategy !== 'auth0') {
      const message = `Users are imported into database connections; ${name} has the strategy ${strategy}.`
      return managementError(400, 'operation_not_supported', message)
    }
    const { external_id: externalId, upsert = false } = body
    const parameters = { connection: name, upsert, ...(externalId === undefined ? {} : { external_id: externalId }) }
    const job = await store.jobs.createImport({ connectionId: id, parameters, input: body.users })
    if (job === undefined) {
      const message = 'There are 2 active import users jobs; wait until one of them is finished, then try again.'
      return managementError(429, 'too_many_requests', message)
    }
    jobs?.wake()
    return reply(toJobResponse(job, clock()))
  },
})

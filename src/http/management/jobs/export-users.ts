import { reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { exportProperties } from './export-file.ts'
import { jobSchema, toJobResponse } from './job-response.ts'

export const exportUsersOperation = defineOperation({
  id: 'exportUsers',
  method: 'POST',
  path: '/jobs/users-exports',
  tag: 'jobs',
  summary: 'Export users to a file of JSON lines, or CSV',
  attributes: 'Views all of them; `fields` selects.',
  scopes: ['read:users'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      connection_id: { type: 'string', minLength: 1, description: 'Default: the users of every connection.' },
      ...exportProperties,
    },
  },
  success: { status: 200, body: jobSchema },
  async run({ store, body, clock }) {
    const { connection_id: connectionId, ...parameters } = body
    const connection = connectionId === undefined ? undefined : await store.connections.get(connectionId)
    if (connectionId !== undefined && connection === undefined) {
      return managementError(400, 'inexistent_connection', 'The connection does not exist.')
    }
    const connectionParameter = connection === undefined ? {} : { connection: connection.name }
    const job = await store.jobs.createExport({
      connectionId,
      parameters: { format: 'json', ...parameters, ...connectionParameter },
    })
    // As in Auth0, only the job itself, when it is read, has the link to the file.
    return reply(toJobResponse({ ...job, status: 'pending' }, clock()))
  },
})

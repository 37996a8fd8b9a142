import { type OperationResult, reply, managementError } from '../operation-result.ts'
import { type Call, defineOperation } from '../operation.ts'
import type { ExportParameters } from './export-file.ts'
import { jobSchema, toJobResponse } from './job-response.ts'

interface Body extends ExportParameters {
  readonly connection_id?: string
}

export const exportUsersOperation = defineOperation<unknown, Body>({
  id: 'exportUsers',
  method: 'POST',
  path: '/jobs/users-exports',
  tag: 'jobs',
  summary: 'Export users to a file of JSON lines, or CSV',
  attributes: 'Views all that can be viewed; `fields` chooses.',
  scopes: ['read:users'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      connection_id: { type: 'string', minLength: 1, description: 'Default: the users of every connection.' },
      format: { enum: ['json', 'csv'], description: 'Default json: one user a line.' },
      limit: { type: 'integer', minimum: 1, description: 'Default: all users.' },
      fields: {
        type: 'array',
        minItems: 1,
        maxItems: 30,
        description: 'Default: with json the whole profile, with csv the attributes of its root.',
        items: {
          type: 'object',
          additionalProperties: false,
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 255, description: 'Such as user_metadata.plan.' },
            export_as: { type: 'string', minLength: 1, maxLength: 255 },
          },
          required: ['name'],
        },
      },
    },
  },
  success: { status: 200, body: jobSchema },
  run: createExport,
})

async function createExport({ store, body, clock }: Call<unknown, Body>): Promise<OperationResult> {
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
  // As Auth0 says it: where the file is, is said when the job is asked for.
  return reply(toJobResponse({ ...job, status: 'pending' }, clock()))
}

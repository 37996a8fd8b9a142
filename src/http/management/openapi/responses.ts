import { errorStatusNames } from '../operation-result.ts'
import type { Operation, Schema } from '../operation.ts'
import { getSchemaProperties } from './describe-operation.ts'

const rateLimitHeaders = {
  'X-RateLimit-Limit': 'How many calls the caller may make per window.',
  'X-RateLimit-Remaining': 'How many are left.',
  'X-RateLimit-Reset': 'When the window ends, in seconds since 1970.',
}

/** The headers of every response. */
const headers = Object.fromEntries(
  Object.entries(rateLimitHeaders).map(([name, description]) => [name, { description, schema: { type: 'integer' } }]),
)
const retryAfter = { description: 'In how many seconds to try again.', schema: { type: 'integer' } }

/** `Error`, as in Auth0's Management API. */
export const errorSchema: Schema = {
  type: 'object',
  properties: {
    statusCode: { type: 'integer' },
    error: { type: 'string', description: 'The name of the status.' },
    message: { type: 'string' },
    errorCode: { type: 'string', description: 'For programs, such as `inexistent_user`.' },
  },
  required: ['statusCode', 'error', 'message'],
}

/** Builds the responses of an operation: its success, and its errors. */
export function buildResponses(operation: Operation): Schema {
  const { status, body } = operation.success
  const success = {
    description: body === undefined ? 'Done.' : 'Done; the result.',
    headers,
    ...(body === undefined ? {} : { content: { 'application/json': { schema: toBodySchema(operation, body) } } }),
  }
  return {
    [status]: success,
    ...Object.fromEntries(listErrorStatuses(operation).map((code) => [code, toErrorResponse(code)])),
  }
}

type ErrorStatus = keyof typeof errorStatusNames

export function hasBody({ body, multipart }: Operation): boolean {
  return (body ?? multipart) !== undefined
}

function listErrorStatuses(operation: Operation): readonly ErrorStatus[] {
  const { path, query } = operation
  return [
    400,
    401,
    403,
    ...(path.includes('{') ? ([404] as const) : []),
    ...(hasBody(operation) ? ([409, 413] as const) : []),
    429,
    ...('q' in getSchemaProperties(query) ? ([503] as const) : []),
  ]
}

function toErrorResponse(code: ErrorStatus): Schema {
  return {
    description: errorStatusNames[code],
    headers: code === 429 ? { ...headers, 'Retry-After': retryAfter } : headers,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
}

/** With `include_totals` the list is a member of an object, named after the last part of the path. */
function toBodySchema({ path, query }: Operation, body: Schema): Schema {
  if (!('include_totals' in getSchemaProperties(query))) return body
  const name = path.split('/').at(-1) ?? ''
  const count = { type: 'integer', minimum: 0 }
  const properties = { start: count, limit: count, length: count, total: count, next: { type: 'string' }, [name]: body }
  return { anyOf: [body, { type: 'object', properties, required: [name] }] }
}

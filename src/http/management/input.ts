import { Ajv, type ErrorObject } from 'ajv'
import secureJson from 'secure-json-parse'
import { readText } from '../body.ts'
import { readForm } from './form.ts'
import { type Refusal, refuse } from './answer.ts'
import { complaintAt, unstorable } from '../../profile/metadata/storable.ts'
import type { Operation, Schema } from './operation.ts'

const settings = { strict: true, verbose: true, allowUnionTypes: true } as const
/** `x-surplus` says what to do with a property that the schema does not have. */
const bodies = new Ajv(settings).addVocabulary(['x-surplus'])
// A query is all text: numbers and booleans are read out of it.
const queries = new Ajv({ ...settings, coerceTypes: true })
const noParameters: Schema = { type: 'object', additionalProperties: false, properties: {} }

export interface Input {
  readonly query: unknown
  readonly body: unknown
}

/** Query and body of a request as the operation declares them, or the refusal in Auth0's words. */
export async function readInput(request: Request, { query, body, multipart }: Operation): Promise<Input | Refusal> {
  const parameters = readQuery(new URL(request.url).searchParams)
  if (isRefusal(parameters)) return parameters
  const strangeQuery = unstorable(parameters)
  if (strangeQuery !== undefined) {
    return refuse(400, 'invalid_query_string', `Query validation error: ${strangeQuery}`)
  }
  const wrongQuery = check(queries, query ?? noParameters, parameters)
  if (wrongQuery !== undefined) {
    return refuse(400, 'invalid_query_string', `Query validation error: ${wrongQuery}`)
  }
  if (multipart !== undefined) {
    const form = await readForm(request, multipart.maxFileBytes)
    if (isRefusal(form)) return form
    const wrongForm = unstorable(form) ?? check(queries, multipart.schema, form)
    return wrongForm === undefined
      ? { query: parameters, body: form }
      : refuse(400, 'invalid_body', `Payload validation error: ${wrongForm}`)
  }
  if (body === undefined) return { query: parameters, body: undefined }
  const value = await readBody(request)
  if (isRefusal(value)) return value
  const wrongBody = unstorable(value.json) ?? check(bodies, body, value.json)
  return wrongBody === undefined
    ? { query: parameters, body: value.json }
    : refuse(400, 'invalid_body', `Payload validation error: ${wrongBody}`)
}

export function isRefusal(value: object): value is Refusal {
  return 'ok' in value && value.ok === false
}

function readQuery(search: URLSearchParams): Record<string, string> | Refusal {
  const parameters: Record<string, string> = { __proto__: null as never }
  for (const [name, value] of search) {
    if (name in parameters) {
      return refuse(400, 'invalid_query_string', `Query validation error: '${name}' is given more than once.`)
    }
    parameters[name] = value
  }
  return parameters
}

async function readBody(request: Request): Promise<{ readonly json: unknown } | Refusal> {
  const text = await readText(request)
  if (text === undefined) return refuse(413, 'invalid_body', 'Payload too large: a body may hold 1 MB.')
  try {
    return { json: secureJson.parse(text) as unknown }
  } catch {
    return refuse(400, 'invalid_body', 'Payload validation error: the body is not JSON, or has a forbidden key.')
  }
}

function check(ajv: Ajv, schema: Schema, value: unknown): string | undefined {
  const isValid = ajv.compile(schema)
  if (isValid(value)) return undefined
  const error = isValid.errors?.at(-1)
  return error === undefined ? "'Not valid'" : describe(error)
}

/** As Auth0 words it: `'Expected type string but found type integer' on property email.` */
function describe(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  return complaintAt(path, complaint(error))
}

type Complaint = (error: ErrorObject) => string

const complaints: Readonly<Record<string, Complaint>> = {
  additionalProperties: surplus,
  required: ({ params }) => `Missing required property: ${params['missingProperty']}`,
  type: ({ params, data }) => `Expected type ${[params['type']].flat().join(' or ')} but found type ${typeName(data)}`,
  pattern: ({ params }) => `String does not match pattern: ${params['pattern']}`,
  enum: ({ params }) => `No enum match, expected any of: ${[params['allowedValues']].flat().join(', ')}`,
  minLength: ({ params, data }) => `String is too short (${lengthOf(data)} chars), minimum ${params['limit']}`,
  maxLength: ({ params, data }) => `String is too long (${lengthOf(data)} chars), maximum ${params['limit']}`,
  minimum: ({ params, data }) => `Value ${String(data)} is less than minimum ${params['limit']}`,
  maximum: ({ params, data }) => `Value ${String(data)} is greater than maximum ${params['limit']}`,
  minProperties: ({ params }) => `Too few properties defined (0), minimum ${params['limit']}`,
}

function complaint(error: ErrorObject): string {
  return complaints[error.keyword]?.(error) ?? error.message ?? 'Not valid'
}

/** Names every property that the schema does not have; ajv stops at the first. */
function surplus({ data, parentSchema }: ErrorObject): string {
  const { properties = {}, 'x-surplus': advice } = parentSchema as { properties?: object; 'x-surplus'?: string }
  const names = Object.keys(data as object).filter((name) => !Object.hasOwn(properties, name))
  const hint = advice === undefined ? '' : ` (${advice})`
  return `Additional properties not allowed: ${names.join(',')}${hint}`
}

function lengthOf(text: unknown): number {
  return Array.from(String(text)).length
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

import { Ajv, type ErrorObject } from 'ajv'
import secureJson from 'secure-json-parse'
import { readText } from '../body.ts'
import { readForm } from './form.ts'
import { type ManagementError, managementError } from './operation-result.ts'
import { formatComplaint, findUnstorable } from '../../profile/metadata/find-unstorable.ts'
import type { Operation, Schema } from './operation.ts'

const settings = { strict: true, verbose: true, allowUnionTypes: true } as const
// `x-surplus` is a hint for properties that the schema does not have.
const bodyValidator = new Ajv(settings).addVocabulary(['x-surplus'])
// A query holds texts only, which are converted to numbers and booleans.
const queryValidator = new Ajv({ ...settings, coerceTypes: true })
const noParameters: Schema = { type: 'object', additionalProperties: false, properties: {} }

export interface Input {
  readonly query: unknown
  readonly body: unknown
}

/** Reads and validates query and body as the operation declares them; errors have Auth0's wording. */
export async function readInput(
  request: Request,
  { query, body, multipart }: Operation,
): Promise<Input | ManagementError> {
  const parameters = readQuery(new URL(request.url).searchParams)
  if (isManagementError(parameters)) return parameters
  const unstorableError = findUnstorable(parameters)
  if (unstorableError !== undefined) {
    return managementError(400, 'invalid_query_string', `Query validation error: ${unstorableError}`)
  }
  const queryError = validate(queryValidator, query ?? noParameters, parameters)
  if (queryError !== undefined) {
    return managementError(400, 'invalid_query_string', `Query validation error: ${queryError}`)
  }
  if (multipart !== undefined) {
    const form = await readForm(request, multipart.maxFileBytes)
    if (isManagementError(form)) return form
    const formError = findUnstorable(form) ?? validate(queryValidator, multipart.schema, form)
    return formError === undefined
      ? { query: parameters, body: form }
      : managementError(400, 'invalid_body', `Payload validation error: ${formError}`)
  }
  if (body === undefined) return { query: parameters, body: undefined }
  const value = await readBody(request)
  if (isManagementError(value)) return value
  const bodyError = findUnstorable(value.json) ?? validate(bodyValidator, body, value.json)
  return bodyError === undefined
    ? { query: parameters, body: value.json }
    : managementError(400, 'invalid_body', `Payload validation error: ${bodyError}`)
}

export function isManagementError(value: object): value is ManagementError {
  return 'ok' in value && value.ok === false
}

function readQuery(search: URLSearchParams): Record<string, string> | ManagementError {
  const parameters: Record<string, string> = { __proto__: null as never }
  for (const [name, value] of search) {
    if (name in parameters) {
      return managementError(400, 'invalid_query_string', `Query validation error: '${name}' is given more than once.`)
    }
    parameters[name] = value
  }
  return parameters
}

async function readBody(request: Request): Promise<{ readonly json: unknown } | ManagementError> {
  const text = await readText(request)
  if (text === undefined) return managementError(413, 'invalid_body', 'Payload too large: a body may hold 1 MB.')
  try {
    return { json: secureJson.parse(text) as unknown }
  } catch {
    return managementError(
      400,
      'invalid_body',
      'Payload validation error: the body is not JSON, or has a forbidden key.',
    )
  }
}

function validate(ajv: Ajv, schema: Schema, value: unknown): string | undefined {
  const isValid = ajv.compile(schema)
  if (isValid(value)) return undefined
  const error = isValid.errors?.at(-1)
  return error === undefined ? "'Not valid'" : describeError(error)
}

/** Auth0's wording: `'Expected type string but found type integer' on property email.` */
function describeError(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  return formatComplaint(path, formatMessage(error))
}

type MessageFormatter = (error: ErrorObject) => string

const messageFormatters: Readonly<Record<string, MessageFormatter>> = {
  additionalProperties: formatSurplus,
  required: ({ params }) => `Missing required property: ${params['missingProperty']}`,
  type: ({ params, data }) =>
    `Expected type ${[params['type']].flat().join(' or ')} but found type ${getTypeName(data)}`,
  pattern: ({ params }) => `String does not match pattern: ${params['pattern']}`,
  enum: ({ params }) => `No enum match, expected any of: ${[params['allowedValues']].flat().join(', ')}`,
  minLength: ({ params, data }) => `String is too short (${countCharacters(data)} chars), minimum ${params['limit']}`,
  maxLength: ({ params, data }) => `String is too long (${countCharacters(data)} chars), maximum ${params['limit']}`,
  minimum: ({ params, data }) => `Value ${String(data)} is less than minimum ${params['limit']}`,
  maximum: ({ params, data }) => `Value ${String(data)} is greater than maximum ${params['limit']}`,
  minProperties: ({ params }) => `Too few properties defined (0), minimum ${params['limit']}`,
}

function formatMessage(error: ErrorObject): string {
  return messageFormatters[error.keyword]?.(error) ?? error.message ?? 'Not valid'
}

/** Names every property that the schema does not have, because ajv reports only the first. */
function formatSurplus({ data, parentSchema }: ErrorObject): string {
  const { properties = {}, 'x-surplus': advice } = parentSchema as { properties?: object; 'x-surplus'?: string }
  const names = Object.keys(data as object).filter((name) => !Object.hasOwn(properties, name))
  const hint = advice === undefined ? '' : ` (${advice})`
  return `Additional properties not allowed: ${names.join(',')}${hint}`
}

function countCharacters(text: unknown): number {
  return Array.from(String(text)).length
}

function getTypeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

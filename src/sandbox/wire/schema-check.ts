import type { ValidateFunction } from 'ajv'
import { getAjv } from '../../schema/get-ajv.ts'

const validators = new Map<object, ValidateFunction>()

/**
 * Checks a value against a JSON schema.
 *
 * A schema is compiled for its first value, because loading ajv and compiling takes longer than anything else that happens
 * before a worker is started.
 */
export function isValid(schema: object, value: unknown): boolean {
  let validate = validators.get(schema)
  if (validate === undefined) validators.set(schema, (validate = getAjv().compile(schema)))
  return validate(value)
}

/** Parses JSON and checks it against a schema; undefined if either fails. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the schema describes T
export function readAs<T>(schema: object, json: string): T | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isValid(schema, value) ? (value as T) : undefined
  } catch {
    return undefined
  }
}

/** Builds the schema of an object with these members and no others. */
export function buildObjectSchema(required: readonly string[], properties: object): object {
  return { type: 'object', required, properties, additionalProperties: false }
}

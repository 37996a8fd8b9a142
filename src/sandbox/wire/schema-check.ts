import type { ValidateFunction } from 'ajv'
import { getAjv } from '../../schema/get-ajv.ts'

const validators = new Map<object, ValidateFunction>()

/**
 * Whether a value is what a schema says.
 *
 * Loading ajv and compiling schemas takes longer than all else that there is to do before a worker can be started: each
 * schema waits for its first value.
 */
export function isValid(schema: object, value: unknown): boolean {
  let validate = validators.get(schema)
  if (validate === undefined) validators.set(schema, (validate = getAjv().compile(schema)))
  return validate(value)
}

/** Reads JSON that is to be what a schema says; undefined where it is something else. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the schema proves it
export function readAs<T>(schema: object, json: string): T | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isValid(schema, value) ? (value as T) : undefined
  } catch {
    return undefined
  }
}

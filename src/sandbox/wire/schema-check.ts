import { createRequire } from 'node:module'
import type * as AjvModule from 'ajv'

const require = createRequire(import.meta.url)
const validators = new Map<object, AjvModule.ValidateFunction>()
let ajv: AjvModule.Ajv | undefined

/**
 * Whether a value is what a schema says.
 *
 * Loading ajv and compiling schemas takes longer than all else that there is to do before a worker can be started: each
 * schema waits for its first value.
 */
export function isValid(schema: object, value: unknown): boolean {
  let validate = validators.get(schema)
  if (validate === undefined) validators.set(schema, (validate = compile(schema)))
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

/** Builds the schema of an object that has no members but these. */
export function buildObjectSchema(required: readonly string[], properties: object): object {
  return { type: 'object', required, properties, additionalProperties: false }
}

function compile(schema: object): AjvModule.ValidateFunction {
  if (ajv === undefined) {
    const { Ajv: Class } = require('ajv') as typeof AjvModule
    // To check schemas of our own, ajv would first compile one for schemas, which takes several times longer.
    ajv = new Class({ validateSchema: false })
  }
  return ajv.compile(schema)
}

import { createRequire } from 'node:module'
import type * as AjvModule from 'ajv'

const require = createRequire(import.meta.url)
const validators = new Map<object, AjvModule.ValidateFunction>()
let ajv: AjvModule.Ajv | undefined

/**
 * Checks a value against a JSON schema.
 *
 * A schema is compiled for its first value, because loading ajv and compiling takes longer than anything else that happens
 * before a worker is started.
 */
export function isValid(schema: object, value: unknown): boolean {
  let validate = validators.get(schema)
  if (validate === undefined) validators.set(schema, (validate = compile(schema)))
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

function compile(schema: object): AjvModule.ValidateFunction {
  if (ajv === undefined) {
    const { Ajv: Class } = require('ajv') as typeof AjvModule
    // Otherwise ajv compiles the meta-schema first, which takes several times longer.
    ajv = new Class({ validateSchema: false })
  }
  return ajv.compile(schema)
}

import { createRequire } from 'node:module'
import type * as AjvModule from 'ajv'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { HostErrorCode } from '../../errors/codes.ts'

const require = createRequire(import.meta.url)
let ajv: AjvModule.Ajv | undefined

/** ajv is a good part of what this package loads, and a program may start something before its first check. */
function loadAjv(): AjvModule.Ajv {
  const { Ajv: Class } = require('ajv') as typeof AjvModule
  // To check schemas of our own, it would first compile one for schemas, which takes several times longer.
  return new Class({ allErrors: false, strict: true, verbose: true, validateSchema: false }).addKeyword({
    keyword: 'instanceOf',
    schema: true,
    validate: (_name: 'Date', value: unknown) => value instanceof Date,
  })
}

/**
 * Makes the check that stands at a border: it returns the value typed, or throws one sentence that names the JSON path.
 *
 * `T` is the plain interface that belongs to the schema. The check takes the name of the thing it looks at where `what`
 * alone would not say which one it is. The message never repeats the value.
 *
 * @throws {ClaimsmithError} from the check, with `code` (default INVALID_ARGUMENT) and details `path` and `expected`
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the schema proves it, the type test ties the two
export function createValidator<T>(
  schema: object,
  what: string,
  code: HostErrorCode = 'INVALID_ARGUMENT',
): (value: unknown, which?: string) => T {
  return (value, which = what) => {
    // ajv compiles a schema object once and remembers it; compiling here keeps it out of the start of a program.
    const isValid = (ajv ??= loadAjv()).compile(schema)
    if (isValid(value)) return value as T
    const errors = isValid.errors ?? []
    const path = errors.at(-1)?.instancePath ?? ''
    const expected = describeExpected(errors)
    const position = path === '' ? '' : ` at ${path}`
    throw new ClaimsmithError(code, `${which} is not valid${position}: expected ${expected}.`, {
      details: { path, expected },
    })
  }
}

/** With `anyOf`, ajv lists each branch's complaint and then its own; only then is there more than one. */
function describeExpected(errors: readonly AjvModule.ErrorObject[]): string {
  const last = errors.at(-1)
  if (last?.keyword !== 'anyOf') return describeExpectedValue(last)
  return [...new Set(errors.slice(0, -1).map(describeExpectedValue))].join(' or ')
}

function describeExpectedValue(error: AjvModule.ErrorObject | undefined): string {
  if (error === undefined) return 'another value'
  const { keyword, params, schema, parentSchema } = error
  if (parentSchema?.['instanceOf'] !== undefined) return `a ${String(parentSchema['instanceOf'])}`
  if (keyword === 'type') return addArticle([params['type']].flat().join(' or '))
  if (keyword === 'required') return `the property "${params['missingProperty']}"`
  if (keyword === 'additionalProperties') return `no property "${params['additionalProperty']}"`
  if (keyword === 'enum') return (schema as readonly unknown[]).map((value) => JSON.stringify(value)).join(' or ')
  if (keyword === 'pattern') return schema === '\\S' ? 'text that is not empty' : `text that matches ${String(schema)}`
  return (error.message ?? 'another value').replace(/^must be /, 'a value ').replace(/^must /, 'a value that must ')
}

function addArticle(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}

import type { ErrorObject } from 'ajv'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { HostErrorCode } from '../../errors/codes.ts'
import { getAjv } from '../../schema/get-ajv.ts'

/**
 * Creates a check for values from outside. The check returns the value typed, or throws one sentence with the JSON path.
 *
 * `T` is the interface that belongs to the schema. `which` names the checked thing if `what` alone is ambiguous. The
 * message never repeats the value.
 *
 * @throws {ClaimsmithError} `code` (default INVALID_ARGUMENT) from the check if the value does not match; details `path`
 * and `expected`
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the schema proves it, the type test ties the two
export function createValidator<T>(
  schema: object,
  what: string,
  code: HostErrorCode = 'INVALID_ARGUMENT',
): (value: unknown, which?: string) => T {
  return (value, which = what) => {
    // Compiled at the first value, so that it costs nothing at startup.
    const isValid = getAjv().compile(schema)
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

/** With `anyOf`, ajv lists the errors of each branch and then its own. Only then is there more than one error. */
function describeExpected(errors: readonly ErrorObject[]): string {
  const last = errors.at(-1)
  if (last?.keyword !== 'anyOf') return describeExpectedValue(last)
  return [...new Set(errors.slice(0, -1).map(describeExpectedValue))].join(' or ')
}

function describeExpectedValue(error: ErrorObject | undefined): string {
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

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** Reads an expression's value from a profile. */
export type Resolve = (user: unknown) => unknown

/** What is being read: `at` moves forward through `text`, which ends at `end` (before the `%>` of a template). */
interface Source {
  readonly attribute: string
  readonly text: string
  readonly end: number
  readonly isTemplate: boolean
  at: number
}

const maxExpressionLength = 1000
const identifier = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy
const index = /\d+/y
const quoted = /'(?:[^'\\\n\r]|\\[\\'"])*'|"(?:[^"\\\n\r]|\\[\\'"])*"/y
const literals: readonly string[] = ['null', 'undefined', 'true', 'false', 'this']
const start = 'a path such as user_metadata.picture or a string literal'

/** Parses one expression of an overlay; throws INVALID_OVERLAY with the column where it stops making sense. */
export function parseExpression(attribute: string, text: unknown): Resolve {
  const whole: Source = { attribute, text: typeof text === 'string' ? text : '', end: 0, isTemplate: false, at: 0 }
  if (typeof text !== 'string') return fail(whole, 'an expression in a string')
  if (text.length > maxExpressionLength) return fail(whole, `at most ${maxExpressionLength} characters`)
  const source = opened(attribute, text)
  const resolve = alternatives(source)
  if (source.at < source.end) return fail(source, '||, ?? or the end of the expression')
  return resolve
}

/** Steps into `<%= … %>` where there is one. */
function opened(attribute: string, text: string): Source {
  const opening = /^\s*<%=/.exec(text)
  if (opening === null) return { attribute, text, end: text.length, isTemplate: false, at: 0 }
  const end = text.trimEnd().length - '%>'.length
  const isClosed = text.startsWith('%>', end) && end >= opening[0].length
  const source = { attribute, text, end: isClosed ? end : text.length, isTemplate: true, at: opening[0].length }
  return isClosed ? source : fail({ ...source, at: text.length }, '%> at the end of the template')
}

function alternatives(source: Source): Resolve {
  let resolve = operand(source)
  let first: string | undefined
  for (let operator = peekOperator(source); operator !== undefined; operator = peekOperator(source)) {
    first ??= operator
    if (operator !== first) return fail(source, `${first}, because || and ?? mix only with parentheses`)
    source.at += operator.length
    resolve = eitherOf(resolve, operator, operand(source))
  }
  return resolve
}

function eitherOf(left: Resolve, operator: string, right: Resolve): Resolve {
  return operator === '||' ? (user) => left(user) || right(user) : (user) => left(user) ?? right(user)
}

function operand(source: Source): Resolve {
  skipSpace(source)
  const char = charAt(source)
  if (char === '"' || char === "'") return constant(literal(source))
  if (char === '(') return group(source)
  return path(source)
}

function group(source: Source): Resolve {
  source.at += 1
  const resolve = alternatives(source)
  if (charAt(source) !== ')') return fail(source, '||, ?? or )')
  source.at += 1
  return resolve
}

function constant(value: string): Resolve {
  return () => value
}

function literal(source: Source): string {
  quoted.lastIndex = source.at
  const found = quoted.exec(source.text)?.[0]
  if (found === undefined || source.at + found.length > source.end) {
    return fail(source, `a string that closes on its line, with \\ only before \\, ' or "`)
  }
  source.at += found.length
  return found.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

function path(source: Source): Resolve {
  const opening = source.at
  const isBracketed = charAt(source) === '['
  const segments = [
    isBracketed ? bracketed(source) : name(source, source.isTemplate ? 'a path that begins with user.' : start),
  ]
  if (!isBracketed && literals.includes(segments[0] ?? '')) return fail({ ...source, at: opening }, start)
  for (let char = charAt(source); char === '.' || char === '['; char = charAt(source)) {
    if (char === '.') source.at += 1
    segments.push(char === '.' ? name(source, 'a name, or ["…"] without the dot') : bracketed(source))
  }
  if (!isBracketed && segments[0] === 'user') {
    if (segments.length === 1) return fail(source, 'an attribute after user, such as user.picture')
    segments.shift()
  } else if (source.isTemplate) return fail({ ...source, at: opening }, 'a path that begins with user.')
  return (user) => follow(user, segments)
}

function name(source: Source, expected: string): string {
  identifier.lastIndex = source.at
  const found = identifier.exec(source.text)?.[0]
  if (found === undefined || source.at >= source.end) return fail(source, expected)
  source.at += found.length
  return found
}

function bracketed(source: Source): string {
  source.at += 1
  skipSpace(source)
  const char = charAt(source)
  index.lastIndex = source.at
  const digits = index.exec(source.text)?.[0]
  if (char !== '"' && char !== "'" && digits === undefined) return fail(source, 'a quoted name or a number')
  const segment = digits ?? literal(source)
  if (digits !== undefined) source.at += digits.length
  skipSpace(source)
  if (charAt(source) !== ']') return fail(source, ']')
  source.at += 1
  return segment
}

/** Own properties only: what an object inherits is no attribute of a profile. */
function follow(user: unknown, segments: readonly string[]): unknown {
  let value = user
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
    value = (value as Record<string, unknown>)[segment]
  }
  return value
}

function peekOperator(source: Source): string | undefined {
  skipSpace(source)
  return ['||', '??'].find((operator) => source.text.startsWith(operator, source.at) && source.at < source.end)
}

function skipSpace(source: Source): void {
  while (/\s/.test(charAt(source) ?? '')) source.at += 1
}

function charAt(source: Source): string | undefined {
  return source.at < source.end ? source.text[source.at] : undefined
}

function fail(source: Source, expected: string): never {
  const { attribute, text, at } = source
  const column = at + 1
  const found = at < text.length ? `found ${JSON.stringify(text.slice(at, at + 12))}` : 'found its end'
  throw new ClaimsmithError(
    'INVALID_OVERLAY',
    `The overlay of ${JSON.stringify(attribute)} is wrong at column ${column}: expected ${expected}; ${found}.`,
    { details: { attribute, column, expected } },
  )
}

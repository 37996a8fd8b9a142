import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** Reads an expression's value from a profile. */
export type Resolve = (user: unknown) => unknown

/** A text being parsed. `offset` moves forward; `end` is before the `%>` of a template. */
interface Source {
  readonly attribute: string
  readonly text: string
  readonly end: number
  readonly isTemplate: boolean
  offset: number
}

const maxExpressionLength = 1000
const identifierPattern = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy
const indexPattern = /\d+/y
const quotedPattern = /'(?:[^'\\\n\r]|\\[\\'"])*'|"(?:[^"\\\n\r]|\\[\\'"])*"/y
const literals: readonly string[] = ['null', 'undefined', 'true', 'false', 'this']
const expectedStart = 'a path such as user_metadata.picture or a string literal'

/**
 * Parses one expression of an overlay.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY with the column of the first character that is not valid
 */
export function parseExpression(attribute: string, text: unknown): Resolve {
  const emptySource: Source = {
    attribute,
    text: typeof text === 'string' ? text : '',
    end: 0,
    isTemplate: false,
    offset: 0,
  }
  if (typeof text !== 'string') return throwOverlayError(emptySource, 'an expression in a string')
  if (text.length > maxExpressionLength)
    return throwOverlayError(emptySource, `at most ${maxExpressionLength} characters`)
  const source = createSource(attribute, text)
  const resolve = parseAlternatives(source)
  if (source.offset < source.end) return throwOverlayError(source, '||, ?? or the end of the expression')
  return resolve
}

/** Starts inside `<%= … %>` if the text is a template. */
function createSource(attribute: string, text: string): Source {
  const opening = /^\s*<%=/.exec(text)
  if (opening === null) return { attribute, text, end: text.length, isTemplate: false, offset: 0 }
  const end = text.trimEnd().length - '%>'.length
  const isClosed = text.startsWith('%>', end) && end >= opening[0].length
  const source = { attribute, text, end: isClosed ? end : text.length, isTemplate: true, offset: opening[0].length }
  return isClosed ? source : throwOverlayError({ ...source, offset: text.length }, '%> at the end of the template')
}

function parseAlternatives(source: Source): Resolve {
  let resolve = parseOperand(source)
  let first: string | undefined
  for (let operator = peekOperator(source); operator !== undefined; operator = peekOperator(source)) {
    first ??= operator
    if (operator !== first) return throwOverlayError(source, `${first}, because || and ?? mix only with parentheses`)
    source.offset += operator.length
    resolve = combineOperands(resolve, operator, parseOperand(source))
  }
  return resolve
}

function combineOperands(left: Resolve, operator: string, right: Resolve): Resolve {
  return operator === '||' ? (user) => left(user) || right(user) : (user) => left(user) ?? right(user)
}

function parseOperand(source: Source): Resolve {
  skipSpace(source)
  const char = peekChar(source)
  if (char === '"' || char === "'") return toResolver(parseString(source))
  if (char === '(') return parseGroup(source)
  return parsePath(source)
}

function parseGroup(source: Source): Resolve {
  source.offset += 1
  const resolve = parseAlternatives(source)
  if (peekChar(source) !== ')') return throwOverlayError(source, '||, ?? or )')
  source.offset += 1
  return resolve
}

function toResolver(value: string): Resolve {
  return () => value
}

function parseString(source: Source): string {
  quotedPattern.lastIndex = source.offset
  const match = quotedPattern.exec(source.text)?.[0]
  if (match === undefined || source.offset + match.length > source.end) {
    return throwOverlayError(source, `a string that closes on its line, with \\ only before \\, ' or "`)
  }
  source.offset += match.length
  return match.slice(1, -1).replaceAll(/\\(.)/g, '$1')
}

function parsePath(source: Source): Resolve {
  const opening = source.offset
  const isBracketed = peekChar(source) === '['
  const segments = [
    isBracketed
      ? parseBracketed(source)
      : parseName(source, source.isTemplate ? 'a path that begins with user.' : expectedStart),
  ]
  if (!isBracketed && literals.includes(segments[0] ?? ''))
    return throwOverlayError({ ...source, offset: opening }, expectedStart)
  for (let char = peekChar(source); char === '.' || char === '['; char = peekChar(source)) {
    if (char === '.') source.offset += 1
    segments.push(char === '.' ? parseName(source, 'a name, or ["…"] without the dot') : parseBracketed(source))
  }
  if (!isBracketed && segments[0] === 'user') {
    if (segments.length === 1) return throwOverlayError(source, 'an attribute after user, such as user.picture')
    segments.shift()
  } else if (source.isTemplate)
    return throwOverlayError({ ...source, offset: opening }, 'a path that begins with user.')
  return (user) => resolvePath(user, segments)
}

function parseName(source: Source, expected: string): string {
  identifierPattern.lastIndex = source.offset
  const match = identifierPattern.exec(source.text)?.[0]
  if (match === undefined || source.offset >= source.end) return throwOverlayError(source, expected)
  source.offset += match.length
  return match
}

function parseBracketed(source: Source): string {
  source.offset += 1
  skipSpace(source)
  const char = peekChar(source)
  indexPattern.lastIndex = source.offset
  const digits = indexPattern.exec(source.text)?.[0]
  if (char !== '"' && char !== "'" && digits === undefined)
    return throwOverlayError(source, 'a quoted name or a number')
  const segment = digits ?? parseString(source)
  if (digits !== undefined) source.offset += digits.length
  skipSpace(source)
  if (peekChar(source) !== ']') return throwOverlayError(source, ']')
  source.offset += 1
  return segment
}

/** Own properties only: an inherited property is not an attribute of a profile. */
function resolvePath(user: unknown, segments: readonly string[]): unknown {
  let value = user
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
    value = (value as Record<string, unknown>)[segment]
  }
  return value
}

function peekOperator(source: Source): string | undefined {
  skipSpace(source)
  return ['||', '??'].find((operator) => source.text.startsWith(operator, source.offset) && source.offset < source.end)
}

function skipSpace(source: Source): void {
  while (/\s/.test(peekChar(source) ?? '')) source.offset += 1
}

function peekChar(source: Source): string | undefined {
  return source.offset < source.end ? source.text[source.offset] : undefined
}

function throwOverlayError(source: Source, expected: string): never {
  const { attribute, text, offset } = source
  const column = offset + 1
  const foundText = offset < text.length ? `found ${JSON.stringify(text.slice(offset, offset + 12))}` : 'found its end'
  throw new ClaimsmithError(
    'INVALID_OVERLAY',
    `The overlay of ${JSON.stringify(attribute)} is wrong at column ${column}: expected ${expected}; ${foundText}.`,
    { details: { attribute, column, expected } },
  )
}

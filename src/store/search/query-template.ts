import { createQueryError } from './query-error.ts'
import type { Token, SearchValue } from './tokenize.ts'

/** The part of a search that a placeholder stands for. */
export type Placeholder =
  | { readonly kind: 'field'; readonly name: string; readonly at: number; readonly isRequired: boolean }
  | { readonly kind: 'group'; readonly isRequired: true }
  | { readonly kind: 'value'; readonly value: SearchValue; readonly isRequired: boolean }

/** A search whose names and values are replaced by the indexes of their placeholders. */
export interface QueryTemplate {
  /** Such as `0:1 AND NOT (2 OR 3)`. */
  readonly text: string
  readonly placeholders: readonly Placeholder[]
}

const maxClauses = 64
const maxDepth = 8

/**
 * Checks the order and the number of the tokens, and replaces names and values by placeholders.
 *
 * The check must come before the parser: `lucene` drops unexpected tokens, and its time doubles with each unclosed bracket.
 *
 * @throws {ClaimsmithError} INVALID_QUERY if the tokens do not follow the syntax, or there are too many conditions or levels.
 */
export function buildQueryTemplate(tokens: readonly Token[]): QueryTemplate {
  checkOrder(tokens)
  checkGroups(tokens)
  const clauses = tokens.filter(isValue)
  const excessClause = clauses[maxClauses]
  if (excessClause !== undefined) {
    throw createQueryError(
      `A search has at most ${maxClauses} conditions; this has ${clauses.length}.`,
      excessClause.at,
    )
  }
  const placeholders: Placeholder[] = []
  const text = tokens.map((token, index) => writeToken(token, tokens[index - 1]?.kind === '+', placeholders)).join('')
  return { text: text.trimEnd(), placeholders }
}

/** The text of a token for `lucene`, with a blank after it unless it is bound to the next token. */
function writeToken(token: Token, isRequired: boolean, placeholders: Placeholder[]): string {
  switch (token.kind) {
    case '+':
      return ''
    case '(':
      // Written as a field group, because `lucene` accepts a sign on no other group.
      return isRequired ? `${placeholders.push({ kind: 'group', isRequired }) - 1}:(` : '('
    case 'field':
      return `${placeholders.push({ ...token, isRequired }) - 1}:`
    case 'word':
    case 'range':
      return `${placeholders.push({ kind: 'value', value: token, isRequired }) - 1} `
    default:
      return `${token.kind} `
  }
}

function checkGroups(tokens: readonly Token[]): void {
  const openOffsets: number[] = []
  for (const { kind, at } of tokens) {
    if (kind === '(') openOffsets.push(at)
    if (kind === ')' && openOffsets.pop() === undefined) throw createQueryError('")" has no opening bracket.', at)
    if (openOffsets.length > maxDepth)
      throw createQueryError(`Groups nest too deeply; ${maxDepth} levels are the most.`, at)
  }
  const open = openOffsets.at(-1)
  if (open !== undefined) throw createQueryError('"(" is never closed.', open)
}

function checkOrder(tokens: readonly Token[]): void {
  let previous: Token | undefined
  for (const token of tokens) {
    if (previous === undefined || previous.kind === '(') checkFirst(token)
    else if (!isConditionEnd(previous)) checkNext(previous, token)
    previous = token
  }
  if (previous !== undefined && previous.kind !== '(' && !isConditionEnd(previous))
    throw createIncompleteError(previous)
}

/** Checks the first token of a search or a group. */
function checkFirst({ kind, at }: Token): void {
  if (kind === 'AND' || kind === 'OR')
    throw createQueryError(`${kind} stands between two conditions; there is none before it.`, at)
  if (kind === ')') throw createQueryError('A group needs a condition.', at)
}

/** Checks the token after an operator, a sign or a field. */
function checkNext(previous: Token, token: Token): void {
  if (isValue(token) || token.kind === '(') return
  const isField = previous.kind === 'field'
  if (token.kind === 'field' && !isField) return
  const isSign = token.kind === 'NOT' || token.kind === '+'
  if (isSign && (previous.kind === 'AND' || previous.kind === 'OR')) return
  if (isSign && !isField) throw createQueryError('A condition has one NOT, "-" or "+" before it, not two.', token.at)
  throw createIncompleteError(previous)
}

function isValue(token: Token): token is SearchValue {
  return token.kind === 'word' || token.kind === 'range'
}

function isConditionEnd(token: Token): boolean {
  return isValue(token) || token.kind === ')'
}

function createIncompleteError(token: Token): Error {
  const missingPart = token.kind === 'field' ? 'a value after the colon' : 'a condition after it'
  return createQueryError(`${token.kind === 'field' ? token.name : token.kind} needs ${missingPart}.`, token.at)
}

import { invalidQuery } from './refuse.ts'
import type { Token, Value } from './words.ts'

/** What a placeholder in a shape stands for. */
export type Entry =
  | { readonly kind: 'field'; readonly name: string; readonly at: number; readonly required: boolean }
  | { readonly kind: 'group'; readonly required: true }
  | { readonly kind: 'value'; readonly value: Value; readonly required: boolean }

/** A search whose names and values are replaced by the numbers of their entries. */
export interface Shape {
  /** Such as `0:1 AND NOT (2 OR 3)`. */
  readonly text: string
  readonly entries: readonly Entry[]
}

const maxClauses = 64
const maxDepth = 8

/**
 * Checks that the words follow each other as the syntax wants, and how many there are.
 *
 * Checked before the words are parsed: `lucene` leaves out what it does not expect, and takes time that doubles with each
 * bracket that is never closed.
 *
 * @throws {ClaimsmithError} INVALID_QUERY
 */
export function shapeOf(tokens: readonly Token[]): Shape {
  checkOrder(tokens)
  checkGroups(tokens)
  const clauses = tokens.filter(isValue)
  const tooMany = clauses[maxClauses]
  if (tooMany !== undefined) {
    throw invalidQuery(`A search has at most ${maxClauses} conditions; this has ${clauses.length}.`, tooMany.at)
  }
  const entries: Entry[] = []
  const text = tokens.map((token, index) => write(token, tokens[index - 1]?.kind === '+', entries)).join('')
  return { text: text.trimEnd(), entries }
}

/** The token as `lucene` is to read it, with a blank after it unless it is bound to the next one. */
function write(token: Token, required: boolean, entries: Entry[]): string {
  switch (token.kind) {
    case '+':
      return ''
    case '(':
      // A field group without a field: the only way for a group to carry a sign.
      return required ? `${entries.push({ kind: 'group', required }) - 1}:(` : '('
    case 'field':
      return `${entries.push({ ...token, required }) - 1}:`
    case 'word':
    case 'range':
      return `${entries.push({ kind: 'value', value: token, required }) - 1} `
    default:
      return `${token.kind} `
  }
}

function checkGroups(tokens: readonly Token[]): void {
  const opened: number[] = []
  for (const { kind, at } of tokens) {
    if (kind === '(') opened.push(at)
    if (kind === ')' && opened.pop() === undefined) throw invalidQuery('")" has no opening bracket.', at)
    if (opened.length > maxDepth) throw invalidQuery(`Groups nest too deeply; ${maxDepth} levels are the most.`, at)
  }
  const open = opened.at(-1)
  if (open !== undefined) throw invalidQuery('"(" is never closed.', open)
}

function checkOrder(tokens: readonly Token[]): void {
  let before: Token | undefined
  for (const token of tokens) {
    if (before === undefined || before.kind === '(') checkFirst(token)
    else if (!endsCondition(before)) checkNext(before, token)
    before = token
  }
  if (before !== undefined && before.kind !== '(' && !endsCondition(before)) throw incomplete(before)
}

/** What a search or a group starts with. */
function checkFirst({ kind, at }: Token): void {
  if (kind === 'AND' || kind === 'OR')
    throw invalidQuery(`${kind} stands between two conditions; there is none before it.`, at)
  if (kind === ')') throw invalidQuery('A group needs a condition.', at)
}

/** What follows an operator, a sign or a field. */
function checkNext(before: Token, token: Token): void {
  if (isValue(token) || token.kind === '(') return
  const isField = before.kind === 'field'
  if (token.kind === 'field' && !isField) return
  const isSign = token.kind === 'NOT' || token.kind === '+'
  if (isSign && (before.kind === 'AND' || before.kind === 'OR')) return
  if (isSign && !isField) throw invalidQuery('A condition has one NOT, "-" or "+" before it, not two.', token.at)
  throw incomplete(before)
}

function isValue(token: Token): token is Value {
  return token.kind === 'word' || token.kind === 'range'
}

function endsCondition(token: Token): boolean {
  return isValue(token) || token.kind === ')'
}

function incomplete(token: Token): Error {
  const what = token.kind === 'field' ? 'a value after the colon' : 'a condition after it'
  return invalidQuery(`${token.kind === 'field' ? token.name : token.kind} needs ${what}.`, token.at)
}

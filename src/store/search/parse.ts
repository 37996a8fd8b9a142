import { LRUCache } from 'lru-cache'
import type { AST, Node } from 'lucene'
import { parse as parseLucene } from 'lucene'
import { invalidQuery } from './refuse.ts'
import type { Entry } from './shape.ts'
import { shapeOf } from './shape.ts'
import type { Value } from './words.ts'
import { readWords } from './words.ts'

/** A search as a tree. A clause without a field is a bare term. */
export type Query =
  | { readonly kind: 'all' | 'any'; readonly queries: readonly Query[] }
  | { readonly kind: 'not'; readonly query: Query }
  | { readonly kind: 'clause'; readonly field: FieldName | undefined; readonly value: Value }

export interface FieldName {
  readonly name: string
  readonly at: number
}

const maxBytes = 2048

/** Scripts send the same few shapes with ever new values. */
const trees = new LRUCache<string, AST>({ max: 256 })

/**
 * Parses a search in Lucene syntax; undefined when there are only blanks. NOT binds before AND, and AND before OR.
 *
 * @throws {ClaimsmithError} INVALID_QUERY
 */
export function parseQuery(q: string): Query | undefined {
  if (Buffer.byteLength(q) > maxBytes) throw invalidQuery(`A search has at most ${maxBytes} bytes; this has more.`)
  if (!q.isWellFormed() || q.includes('\0')) throw invalidQuery('A search is well-formed Unicode without U+0000.')
  const { text, entries } = shapeOf(readWords(q))
  if (text === '') return undefined
  return convert(trees.get(text) ?? treeOf(text), undefined, entries).query
}

function treeOf(text: string): AST {
  const tree = parseLucene(text)
  trees.set(text, tree)
  return tree
}

/** One member of a group, and how it is joined to the one before it. */
interface Member {
  readonly join: 'AND' | 'OR' | 'none'
  readonly negated: boolean
  readonly node: AST | Node
}

interface Converted {
  readonly query: Query
  readonly required: boolean
}

function convert(node: AST | Node, field: FieldName | undefined, entries: readonly Entry[]): Converted {
  const label = node.field === undefined || node.field === '<implicit>' ? undefined : entries[Number(node.field)]
  const inner = label?.kind === 'field' ? label : field
  const required = label !== undefined && label.kind !== 'value' && label.required
  if ('left' in node) {
    // Most searches are one condition.
    const isOne = !('right' in node) && !('start' in node)
    const query = isOne ? convert(node.left, inner, entries).query : combine(membersOf(node), inner, entries)
    return { query, required }
  }
  const entry = 'term' in node ? entries[Number(node.term)] : undefined
  if (entry?.kind !== 'value') throw new TypeError('lucene returned a term that is not in the search')
  return { query: { kind: 'clause', field: inner, value: entry.value }, required: required || entry.required }
}

/** The tree of `lucene` leans to the right, whatever the operators: `a AND b OR c` is a AND (b OR c). Here it is one row again. */
function membersOf(tree: AST): Member[] {
  const members: Member[] = [{ join: 'none', negated: 'start' in tree && tree.start === 'NOT', node: tree.left }]
  let rest: AST | Node = tree
  while ('right' in rest) {
    const { operator, right }: { operator: string; right: AST | Node } = rest
    const continues = 'left' in right && right.parenthesized !== true
    const join = operator.startsWith('AND') ? 'AND' : operator.startsWith('OR') ? 'OR' : 'none'
    members.push({ join, negated: operator.endsWith('NOT'), node: continues ? right.left : right })
    if (!continues) break
    rest = right
  }
  return members
}

/**
 * As Lucene reads a row: what has a `+` must be, what is negated and joined by no operator must not be, and of the others
 * one must be, unless a `+` says what must. A `+` or NOT next to AND or OR is plain logic.
 */
function combine(members: readonly Member[], field: FieldName | undefined, entries: readonly Entry[]): Query {
  const required: Query[] = []
  const excluded: Query[] = []
  const optional: Query[] = []
  const runs = runsOf(members)
  for (const [index, run] of runs.entries()) {
    const parts = run.map(({ negated, node }) => ({ negated, ...convert(node, field, entries) }))
    const queries = parts.map(({ negated, query }): Query => (negated ? { kind: 'not', query } : query))
    const [only, ...more] = parts
    const besideOr = run[0]?.join === 'OR' || runs[index + 1]?.[0]?.join === 'OR'
    const list =
      only === undefined || more.length > 0
        ? optional
        : only.required
          ? required
          : only.negated && !besideOr
            ? excluded
            : optional
    list.push(group('all', queries))
  }
  const wanted = required.length > 0 || optional.length === 0 ? required : [group('any', optional)]
  return group('all', [...wanted, ...excluded])
}

/** The row cut where no AND stands. */
function runsOf(members: readonly Member[]): Member[][] {
  const runs: Member[][] = []
  for (const member of members) {
    if (member.join === 'AND') runs.at(-1)?.push(member)
    else runs.push([member])
  }
  return runs
}

function group(kind: 'all' | 'any', queries: readonly Query[]): Query {
  const [only, ...more] = queries
  return only !== undefined && more.length === 0 ? only : { kind, queries }
}

import { LRUCache } from '../../cache/lru-cache.ts'
import type { AST, Node } from 'lucene'
import { parse as parseLucene } from 'lucene'
import { createQueryError } from './query-error.ts'
import type { Placeholder } from './query-template.ts'
import { buildQueryTemplate } from './query-template.ts'
import type { SearchValue } from './tokenize.ts'
import { tokenize } from './tokenize.ts'

/** The tree of a search. A clause without a field is a bare term. */
export type Query =
  | { readonly kind: 'all' | 'any'; readonly queries: readonly Query[] }
  | { readonly kind: 'not'; readonly query: Query }
  | { readonly kind: 'clause'; readonly field: FieldName | undefined; readonly value: SearchValue }

export interface FieldName {
  readonly name: string
  readonly at: number
}

const maxBytes = 2048

/** Clients repeat few query templates with changing values. */
const trees = new LRUCache<string, AST>({ max: 256 })

/**
 * Parses a search in Lucene syntax. Undefined if it is blank. NOT binds before AND, and AND before OR.
 *
 * @throws {ClaimsmithError} INVALID_QUERY if it is too long or malformed.
 */
export function parseQuery(q: string): Query | undefined {
  if (Buffer.byteLength(q) > maxBytes) throw createQueryError(`A search has at most ${maxBytes} bytes; this has more.`)
  if (!q.isWellFormed() || q.includes('\0')) throw createQueryError('A search is well-formed Unicode without U+0000.')
  const { text, placeholders } = buildQueryTemplate(tokenize(q))
  if (text === '') return undefined
  return convert(trees.get(text) ?? parseTree(text), undefined, placeholders).query
}

function parseTree(text: string): AST {
  const tree = parseLucene(text)
  trees.set(text, tree)
  return tree
}

/** A member of a group, and the operator between it and the member before. */
interface Member {
  readonly join: 'AND' | 'OR' | 'none'
  readonly isNegated: boolean
  readonly node: AST | Node
}

interface Conversion {
  readonly query: Query
  readonly isRequired: boolean
}

function convert(node: AST | Node, field: FieldName | undefined, placeholders: readonly Placeholder[]): Conversion {
  const label = node.field === undefined || node.field === '<implicit>' ? undefined : placeholders[Number(node.field)]
  const inner = label?.kind === 'field' ? label : field
  const isRequired = label !== undefined && label.kind !== 'value' && label.isRequired
  if ('left' in node) {
    // Most searches are a single condition.
    const isSingle = !('right' in node) && !('start' in node)
    const query = isSingle
      ? convert(node.left, inner, placeholders).query
      : combine(listMembers(node), inner, placeholders)
    return { query, isRequired }
  }
  const placeholder = 'term' in node ? placeholders[Number(node.term)] : undefined
  if (placeholder?.kind !== 'value') throw new TypeError('lucene returned a term that is not in the search')
  return {
    query: { kind: 'clause', field: inner, value: placeholder.value },
    isRequired: isRequired || placeholder.isRequired,
  }
}

/** `lucene` nests to the right whatever the operators: `a AND b OR c` becomes a AND (b OR c). This flattens the tree again. */
function listMembers(tree: AST): Member[] {
  const members: Member[] = [{ join: 'none', isNegated: 'start' in tree && tree.start === 'NOT', node: tree.left }]
  let rest: AST | Node = tree
  while ('right' in rest) {
    const { operator, right }: { operator: string; right: AST | Node } = rest
    const hasMore = 'left' in right && right.parenthesized !== true
    const join = operator.startsWith('AND') ? 'AND' : operator.startsWith('OR') ? 'OR' : 'none'
    members.push({ join, isNegated: operator.endsWith('NOT'), node: hasMore ? right.left : right })
    if (!hasMore) break
    rest = right
  }
  return members
}

/**
 * Combines the members of a group as Lucene does.
 *
 * - A member with `+` must match.
 * - A negated member without an operator must not match.
 * - One of the other members must match, unless a member with `+` exists.
 * - A `+` or NOT next to AND or OR is plain logic.
 */
function combine(
  members: readonly Member[],
  field: FieldName | undefined,
  placeholders: readonly Placeholder[],
): Query {
  const required: Query[] = []
  const excluded: Query[] = []
  const optional: Query[] = []
  const runs = splitRuns(members)
  for (const [index, run] of runs.entries()) {
    const parts = run.map(({ isNegated, node }) => ({ isNegated, ...convert(node, field, placeholders) }))
    const queries = parts.map(({ isNegated, query }): Query => (isNegated ? { kind: 'not', query } : query))
    const [only, ...more] = parts
    const isBesideOr = run[0]?.join === 'OR' || runs[index + 1]?.[0]?.join === 'OR'
    const list =
      only === undefined || more.length > 0
        ? optional
        : only.isRequired
          ? required
          : only.isNegated && !isBesideOr
            ? excluded
            : optional
    list.push(groupQueries('all', queries))
  }
  const requiredQueries = required.length > 0 || optional.length === 0 ? required : [groupQueries('any', optional)]
  return groupQueries('all', [...requiredQueries, ...excluded])
}

/** Splits the members into runs that are joined by AND. */
function splitRuns(members: readonly Member[]): Member[][] {
  const runs: Member[][] = []
  for (const member of members) {
    if (member.join === 'AND') runs.at(-1)?.push(member)
    else runs.push([member])
  }
  return runs
}

function groupQueries(kind: 'all' | 'any', queries: readonly Query[]): Query {
  const [only, ...more] = queries
  return only !== undefined && more.length === 0 ? only : { kind, queries }
}

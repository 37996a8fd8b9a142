import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import type { ParsedScript } from '../../rules/source/parsed-script.ts'
import { findMemberUses } from '../../rules/analysis/member-uses.ts'

/** The query parameters of a user who returns from a redirect. */
export type ReturnQuery = Readonly<Record<string, string>>

const maxReturns = 8
const otherValue = 'no'
const defaultValue = 'yes'

/**
 * Builds the queries with which users may return from a rule's redirect:
 * - no parameter
 * - every parameter that the rule reads, with the first value that it compares with
 * - every parameter with another value
 * - each further value that the text compares a parameter with
 */
export function buildReturnQueries(parsedScript: ParsedScript): readonly ReturnQuery[] {
  const expectedValues = Object.entries(findExpectedValues(parsedScript))
  const expectedQuery = Object.fromEntries(expectedValues.map(([name, [first = defaultValue]]) => [name, first]))
  const otherQuery = Object.fromEntries(expectedValues.map(([name]) => [name, otherValue]))
  const furtherQueries = expectedValues.flatMap(([name, [, ...more]]) =>
    more.map((value) => ({ ...expectedQuery, [name]: value })),
  )
  return expectedValues.length === 0 ? [{}] : [{}, expectedQuery, otherQuery, ...furtherQueries].slice(0, maxReturns)
}

/** Finds the parameters that a rule reads, each with the texts that it is compared with. */
function findExpectedValues(parsedScript: ParsedScript): Record<string, readonly string[]> {
  const comparisons = findComparisons(parsedScript)
  // A variable may hold any parameter.
  const variableValues = comparisons.flatMap(({ node, value }) => (node.type === 'Identifier' ? [value] : []))
  const expectedValues: Record<string, readonly string[]> = {}
  for (const { name, node, isWrite } of findMemberUses(parsedScript, isParameters)) {
    if (name === undefined || isWrite || name in Object.prototype) continue
    const ownValues = comparisons.flatMap((one) => (one.node === node ? [one.value] : []))
    const previous = expectedValues[name] ?? []
    expectedValues[name] = [
      ...new Set([...previous, ...(ownValues.length === 0 ? [...variableValues, defaultValue] : ownValues)]),
    ]
  }
  return expectedValues
}

function isParameters(node: AnyNode): boolean {
  const name = node.type === 'MemberExpression' && !node.computed ? node.property : node
  return name.type === 'Identifier' && (name.name === 'query' || name.name === 'body')
}

/** Finds comparisons with a string literal. */
function findComparisons({ program }: ParsedScript): ReadonlyArray<{ readonly node: AnyNode; readonly value: string }> {
  const comparisons: Array<{ node: AnyNode; value: string }> = []
  const addComparison = (one: AnyNode, other: AnyNode | null | undefined): void => {
    if (other?.type !== 'Literal' || typeof other.value !== 'string') return
    comparisons.push({ node: one.type === 'ChainExpression' ? one.expression : one, value: other.value })
  }
  full(program, (one) => {
    if (one.type === 'BinaryExpression' && /^[!=]==?$/.test(one.operator)) {
      addComparison(one.left, one.right)
      addComparison(one.right, one.left)
    }
    if (one.type === 'SwitchStatement') for (const { test } of one.cases) addComparison(one.discriminant, test)
  })
  return comparisons
}

import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import type { Tree } from '../../rules/source/tree.ts'
import { membersOf } from '../../rules/analysis/members.ts'

/** The parameters with which a user comes back. */
export type Parameters = Readonly<Record<string, string>>

const maxReturns = 8
const another = 'no'
const usual = 'yes'

/**
 * What users may come back with from where a rule sends them: nothing, all that the rule looks for, another value of each,
 * and whatever else its text compares one of them with.
 */
export function returnsOf(tree: Tree): readonly Parameters[] {
  const wanted = Object.entries(wantedOf(tree))
  const right = Object.fromEntries(wanted.map(([name, [first = usual]]) => [name, first]))
  const wrong = Object.fromEntries(wanted.map(([name]) => [name, another]))
  const others = wanted.flatMap(([name, [, ...more]]) => more.map((value) => ({ ...right, [name]: value })))
  return wanted.length === 0 ? [{}] : [{}, right, wrong, ...others].slice(0, maxReturns)
}

/** The parameters that a rule reads, each with the texts that it is compared with. */
function wantedOf(tree: Tree): Record<string, readonly string[]> {
  const compared = comparedIn(tree)
  // Of a variable it is not known which parameter it holds.
  const ofVariables = compared.flatMap(({ node, value }) => (node.type === 'Identifier' ? [value] : []))
  const wanted: Record<string, readonly string[]> = {}
  for (const { name, node, written } of membersOf(tree, isParameters)) {
    if (name === undefined || written || name in Object.prototype) continue
    const own = compared.flatMap((one) => (one.node === node ? [one.value] : []))
    const known = wanted[name] ?? []
    wanted[name] = [...new Set([...known, ...(own.length === 0 ? [...ofVariables, usual] : own)])]
  }
  return wanted
}

function isParameters(node: AnyNode): boolean {
  const name = node.type === 'MemberExpression' && !node.computed ? node.property : node
  return name.type === 'Identifier' && (name.name === 'query' || name.name === 'body')
}

/** What a text compares with a text that it names. */
function comparedIn({ program }: Tree): ReadonlyArray<{ readonly node: AnyNode; readonly value: string }> {
  const found: Array<{ node: AnyNode; value: string }> = []
  const note = (one: AnyNode, other: AnyNode | null | undefined): void => {
    if (other?.type !== 'Literal' || typeof other.value !== 'string') return
    found.push({ node: one.type === 'ChainExpression' ? one.expression : one, value: other.value })
  }
  full(program, (one) => {
    if (one.type === 'BinaryExpression' && /^[!=]==?$/.test(one.operator)) {
      note(one.left, one.right)
      note(one.right, one.left)
    }
    if (one.type === 'SwitchStatement') for (const { test } of one.cases) note(one.discriminant, test)
  })
  return found
}

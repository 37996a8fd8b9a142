import type { AnyNode, MemberExpression, Node, Pattern } from 'acorn'
import { full } from 'acorn-walk'
import type { Tree } from '../source/tree.ts'

/** One use of a property of an object. */
export interface MemberUse {
  /** Undefined where only running it would tell. */
  readonly name: string | undefined
  readonly node: Node
  /** Whether the property is written and not read. */
  readonly written: boolean
}

/**
 * Every use of a property of an object, also through variables that were given it (`const c = configuration || {}`) and
 * taken apart (`const { A } = configuration`).
 */
export function membersOf(tree: Tree, isObject: (node: AnyNode) => boolean): readonly MemberUse[] {
  const found: MemberUse[] = []
  const targets = new Set<AnyNode>()
  const is = (node: AnyNode, steps = 4): boolean => {
    if (isObject(node)) return true
    if (steps === 0) return false
    if (node.type === 'LogicalExpression') return is(node.left, steps - 1)
    if (node.type === 'ParenthesizedExpression') return is(node.expression, steps - 1)
    if (node.type !== 'Identifier') return false
    const value = tree.valueOf(node)
    return value !== undefined && is(value, steps - 1)
  }
  const noteAll = (pattern: Pattern): void => {
    if (pattern.type !== 'ObjectPattern') return
    for (const property of pattern.properties) {
      if (property.type === 'RestElement') continue
      found.push({ name: nameOf(property.key, property.computed), node: property, written: false })
    }
  }
  full(tree.program, (one) => {
    if (one.type === 'AssignmentExpression' && one.operator === '=' && one.left.type === 'MemberExpression') {
      targets.add(one.left)
    }
    if (one.type === 'VariableDeclarator' && one.init && is(one.init)) noteAll(one.id)
    if (one.type === 'AssignmentExpression' && is(one.right)) noteAll(one.left)
  })
  full(tree.program, (one) => {
    if (one.type !== 'MemberExpression' || !is(one.object)) return
    found.push({ name: memberName(tree, one), node: one, written: targets.has(one) })
  })
  return found.toSorted((one, other) => one.node.start - other.node.start)
}

/** The name of a property, also where a variable of the text holds it. */
function memberName(tree: Tree, node: MemberExpression): string | undefined {
  const { property } = node
  if (property.type === 'PrivateIdentifier') return undefined
  const known = nameOf(property, node.computed)
  if (known !== undefined || property.type !== 'Identifier') return known
  const value = tree.valueOf(property)
  return value?.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined
}

function nameOf(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === 'Literal' && typeof key.value === 'string') return key.value
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? undefined
  return key.type === 'Identifier' && !computed ? key.name : undefined
}

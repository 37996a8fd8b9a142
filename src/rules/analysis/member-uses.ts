import type { AnyNode, MemberExpression, Node, Pattern } from 'acorn'
import { full } from 'acorn-walk'
import type { ParsedScript } from '../source/parsed-script.ts'

/** One use of a property of an object. */
export interface MemberUse {
  /** Undefined if it is computed. */
  readonly name: string | undefined
  readonly node: Node
  /** Whether the property is written and not read. */
  readonly isWrite: boolean
}

/**
 * Finds every use of a property of an object, also through variables (`const c = configuration || {}`) and destructuring
 * (`const { A } = configuration`).
 */
export function findMemberUses(parsedScript: ParsedScript, isObject: (node: AnyNode) => boolean): readonly MemberUse[] {
  const uses: MemberUse[] = []
  const writeTargets = new Set<AnyNode>()
  const isMatch = (node: AnyNode, steps = 4): boolean => {
    if (isObject(node)) return true
    if (steps === 0) return false
    if (node.type === 'LogicalExpression') return isMatch(node.left, steps - 1)
    if (node.type === 'ParenthesizedExpression') return isMatch(node.expression, steps - 1)
    if (node.type !== 'Identifier') return false
    const value = parsedScript.resolveValue(node)
    return value !== undefined && isMatch(value, steps - 1)
  }
  const addPatternUses = (pattern: Pattern): void => {
    if (pattern.type !== 'ObjectPattern') return
    for (const property of pattern.properties) {
      if (property.type === 'RestElement') continue
      uses.push({ name: getKeyName(property.key, property.computed), node: property, isWrite: false })
    }
  }
  full(parsedScript.program, (one) => {
    if (one.type === 'AssignmentExpression' && one.operator === '=' && one.left.type === 'MemberExpression') {
      writeTargets.add(one.left)
    }
    if (one.type === 'VariableDeclarator' && one.init && isMatch(one.init)) addPatternUses(one.id)
    if (one.type === 'AssignmentExpression' && isMatch(one.right)) addPatternUses(one.left)
  })
  full(parsedScript.program, (one) => {
    if (one.type !== 'MemberExpression' || !isMatch(one.object)) return
    uses.push({ name: resolveMemberName(parsedScript, one), node: one, isWrite: writeTargets.has(one) })
  })
  return uses.toSorted((one, other) => one.node.start - other.node.start)
}

/** Resolves the name of a property, also if a variable of the text holds it. */
function resolveMemberName(parsedScript: ParsedScript, node: MemberExpression): string | undefined {
  const { property } = node
  if (property.type === 'PrivateIdentifier') return undefined
  const staticName = getKeyName(property, node.computed)
  if (staticName !== undefined || property.type !== 'Identifier') return staticName
  const value = parsedScript.resolveValue(property)
  return value?.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined
}

function getKeyName(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === 'Literal' && typeof key.value === 'string') return key.value
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? undefined
  return key.type === 'Identifier' && !computed ? key.name : undefined
}

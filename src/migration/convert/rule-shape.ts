import type { AnyNode, Function as FunctionNode, Identifier, Node } from 'acorn'
import { fullAncestor, simple } from 'acorn-walk'
import { findRuleFunction } from '../../rules/analysis/callback-faults.ts'
import type { ParsedScript } from '../../rules/source/parsed-script.ts'

/** A rule to convert: its function, and the names of its three parameters. */
export interface RuleShape {
  readonly parsedScript: ParsedScript
  readonly rule: FunctionNode
  readonly user: string
  readonly context: string
  readonly callback: string
  /** Whether every use of the callback is a call in the rule's own body, so that returning does the same. */
  readonly isDirect: boolean
  /** Whether it redirects users, and runs again when they return. */
  readonly hasRedirect: boolean
}

/** Returns undefined if the rule is not one plain function of three named parameters. */
export function matchRuleShape(parsedScript: ParsedScript): RuleShape | undefined {
  const rule = findRuleFunction(parsedScript)
  const [statement] = parsedScript.program.body
  const isOnlyStatement = statement?.type === 'ExpressionStatement' && statement.expression === rule
  if (rule === undefined || !isOnlyStatement || rule.body.type !== 'BlockStatement' || rule.params.length !== 3)
    return undefined
  const [user, context, callback] = rule.params
  if (user?.type !== 'Identifier' || context?.type !== 'Identifier' || callback?.type !== 'Identifier') return undefined
  const shape = { parsedScript, rule, user: user.name, context: context.name, callback: callback.name }
  return { ...shape, isDirect: isCalledDirectly(shape, callback), hasRedirect: hasRedirectWrite(shape) }
}

type RuleNames = Omit<RuleShape, 'isDirect' | 'hasRedirect'>

function hasRedirectWrite({ rule, context }: RuleNames): boolean {
  let isFound = false
  simple(rule, {
    AssignmentExpression({ left, operator }) {
      isFound ||= operator === '=' && getMemberPath(left)?.join('.') === `${context}.redirect`
    },
  })
  return isFound
}

function isCalledDirectly({ rule, callback }: RuleNames, parameter: Identifier): boolean {
  let isDirect = true
  fullAncestor(rule, (node, _state, ancestors) => {
    if (node.type !== 'Identifier' || node.name !== callback || node === parameter) return
    const functions = ancestors.filter(({ type }) => type.includes('Function')).length
    const parent = ancestors.at(-2)
    const isCall = parent?.type === 'CallExpression' && parent.callee === node
    const grandparent = ancestors.at(-3)?.type
    isDirect &&=
      functions === 1 && isCall && (grandparent === 'ExpressionStatement' || grandparent === 'ReturnStatement')
  })
  return isDirect
}

/** Returns the path of a read such as `context.request.geoip`, from the object's name on. */
export function getMemberPath(node: AnyNode): readonly string[] | undefined {
  if (node.type === 'Identifier') return [node.name]
  // `a?.b` is not a path: its replacement would lose the optional access.
  if (node.type !== 'MemberExpression' || node.optional) return undefined
  const object = getMemberPath(node.object)
  const { property } = node
  if (object === undefined) return undefined
  if (!node.computed && property.type === 'Identifier') return [...object, property.name]
  return property.type === 'Literal' && typeof property.value === 'string' ? [...object, property.value] : undefined
}

export function isNamed(node: Node | undefined, name: string): boolean {
  return node?.type === 'Identifier' && (node as Identifier).name === name
}

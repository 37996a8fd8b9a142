import type { AnyNode, Function as FunctionNode, Identifier, Node, Statement } from 'acorn'
import { fullAncestor, simple } from 'acorn-walk'
import { functionOf } from '../source/function-node.ts'
import type { Place } from '../ruleset/refusal.ts'
import type { Tree } from '../source/tree.ts'

/** How a rule may end without calling back, as far as its text shows. */
export interface CallbackFault {
  /** `never`: no path calls back. `return`: this path does not. */
  readonly kind: 'never' | 'return'
  readonly place: Place
}

/** What is wrong with a rule's way of calling back. */
export function callbackFaultsOf(tree: Tree): readonly CallbackFault[] {
  const rule = ruleFunction(tree)
  if (rule === undefined) return []
  const [, , callback] = rule.params
  const takesAll = rule.params.some(({ type }) => type === 'RestElement') || usesArguments(rule)
  if (callback === undefined) return takesAll ? [] : [{ kind: 'never', place: tree.placeOf(rule) }]
  if (callback.type !== 'Identifier') return []
  const uses = usesOf(tree, callback)
  if (uses.length === 0) return takesAll ? [] : [{ kind: 'never', place: tree.placeOf(rule) }]
  return bareReturns(rule, uses).map((node) => ({ kind: 'return', place: tree.placeOf(node) }))
}

/** The rule among the functions of its text: the whole, or the last of two or three parameters at its top. */
export function ruleFunction(tree: Tree): FunctionNode | undefined {
  const [statement] = tree.program.body
  const whole = statement?.type === 'ExpressionStatement' ? statement.expression : undefined
  const found = functionOf(whole)
  if (found !== undefined) return found
  let last: FunctionNode | undefined
  fullAncestor(tree.program, (node, _state, ancestors) => {
    const one = functionOf(node)
    const depth = ancestors.filter((ancestor) => functionOf(ancestor) !== undefined).length
    if (one !== undefined && depth === 2 && (one.params.length === 2 || one.params.length === 3)) last = one
  })
  return last
}

/** The places that use a function's parameter, the parameter itself aside. */
function usesOf(tree: Tree, parameter: Identifier): readonly Node[] {
  const variable = tree.scopes
    .flatMap(({ variables }) => variables)
    .find(({ identifiers }) => identifiers.some((one) => (one as unknown) === parameter))
  return (variable?.references ?? []).map(({ identifier }) => identifier as unknown as Node)
}

function usesArguments(rule: FunctionNode): boolean {
  let found = false
  simple(rule, {
    Identifier({ name }) {
      found ||= name === 'arguments'
    },
  })
  return found
}

/** Each `return` of the rule's own that gives nothing back, and before which its block has not called back. */
function bareReturns(rule: FunctionNode, uses: readonly Node[]): readonly Node[] {
  const found: Node[] = []
  const calls = (node: Node): boolean => uses.some(({ start }) => node.start <= start && start < node.end)
  fullAncestor(rule.body, (one, _state, ancestors) => {
    if (one.type !== 'ReturnStatement' || one.argument) return
    if (ancestors.slice(0, -1).some((ancestor) => isFunction(ancestor))) return
    const blocks = ancestors.filter(({ type }) => type === 'BlockStatement') as ReadonlyArray<
      Node & { readonly body: readonly Statement[] }
    >
    const earlier = blocks.flatMap(({ body }) => body.filter(({ end }) => end <= one.start))
    if (!earlier.some(calls)) found.push(one)
  })
  return found
}

function isFunction(node: AnyNode): boolean {
  return /Function/.test(node.type)
}

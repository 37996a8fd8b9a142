import type { AnyNode, Function as FunctionNode, Identifier, Node, Statement } from 'acorn'
import { fullAncestor, simple } from 'acorn-walk'
import { toFunctionNode } from '../source/function-node.ts'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import type { ParsedScript } from '../source/parsed-script.ts'

/** A way in which a rule may end without calling back, as far as its text shows. */
export interface CallbackFault {
  /** `never`: no path calls back. `return`: this path does not. */
  readonly kind: 'never' | 'return'
  readonly location: SourceLocation
}

/** Finds the paths on which a rule does not call back. */
export function findCallbackFaults(parsedScript: ParsedScript): readonly CallbackFault[] {
  const rule = findRuleFunction(parsedScript)
  if (rule === undefined) return []
  const [, , callback] = rule.params
  const isVariadic = rule.params.some(({ type }) => type === 'RestElement') || hasArgumentsUse(rule)
  if (callback === undefined) return isVariadic ? [] : [{ kind: 'never', location: parsedScript.locate(rule) }]
  if (callback.type !== 'Identifier') return []
  const uses = findUses(parsedScript, callback)
  if (uses.length === 0) return isVariadic ? [] : [{ kind: 'never', location: parsedScript.locate(rule) }]
  return findBareReturns(rule, uses).map((node) => ({ kind: 'return', location: parsedScript.locate(node) }))
}

/** Finds the rule among the functions of its text: the whole text, or the last top-level function of two or three parameters. */
export function findRuleFunction(parsedScript: ParsedScript): FunctionNode | undefined {
  const [statement] = parsedScript.program.body
  const expression = statement?.type === 'ExpressionStatement' ? statement.expression : undefined
  const functionNode = toFunctionNode(expression)
  if (functionNode !== undefined) return functionNode
  let nestedFunction: FunctionNode | undefined
  fullAncestor(parsedScript.program, (node, _state, ancestors) => {
    const one = toFunctionNode(node)
    const depth = ancestors.filter((ancestor) => toFunctionNode(ancestor) !== undefined).length
    if (one !== undefined && depth === 2 && (one.params.length === 2 || one.params.length === 3)) nestedFunction = one
  })
  return nestedFunction
}

/** Finds the references to a function's parameter. */
function findUses(parsedScript: ParsedScript, parameter: Identifier): readonly Node[] {
  const variable = parsedScript.scopes
    .flatMap(({ variables }) => variables)
    .find(({ identifiers }) => identifiers.some((one) => (one as unknown) === parameter))
  return (variable?.references ?? []).map(({ identifier }) => identifier as unknown as Node)
}

function hasArgumentsUse(rule: FunctionNode): boolean {
  let isUsed = false
  simple(rule, {
    Identifier({ name }) {
      isUsed ||= name === 'arguments'
    },
  })
  return isUsed
}

/** Finds each `return` of the rule itself without a value, if no earlier statement of its blocks uses the callback. */
function findBareReturns(rule: FunctionNode, uses: readonly Node[]): readonly Node[] {
  const returns: Node[] = []
  const hasCall = (node: Node): boolean => uses.some(({ start }) => node.start <= start && start < node.end)
  fullAncestor(rule.body, (one, _state, ancestors) => {
    if (one.type !== 'ReturnStatement' || one.argument) return
    if (ancestors.slice(0, -1).some((ancestor) => isFunction(ancestor))) return
    const blocks = ancestors.filter(({ type }) => type === 'BlockStatement') as ReadonlyArray<
      Node & { readonly body: readonly Statement[] }
    >
    const earlier = blocks.flatMap(({ body }) => body.filter(({ end }) => end <= one.start))
    if (!earlier.some(hasCall)) returns.push(one)
  })
  return returns
}

function isFunction(node: AnyNode): boolean {
  return /Function/.test(node.type)
}

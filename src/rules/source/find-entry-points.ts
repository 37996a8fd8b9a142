import { type AnyNode, type Function as FunctionNode, getLineInfo, parseExpressionAt } from 'acorn'
import { full } from 'acorn-walk'
import type { LoadedRule } from '../ruleset/ruleset.ts'

/** A position in a rule's text; both count from 0. */
export interface EntryPoint {
  readonly line: number
  readonly column: number
}

/**
 * Finds where the outermost functions of a rule or an action begin.
 *
 * A debugger that breaks at all of them stops in the one that runs first.
 */
export function findEntryPoints({ kind, expression }: Pick<LoadedRule, 'kind' | 'expression'>): readonly EntryPoint[] {
  const ast = parseExpressionAt(expression, 0, { ecmaVersion: 'latest', sourceType: 'script' })
  const functions: FunctionNode[] = []
  full(ast, (node) => {
    if (isFunction(node)) functions.push(node)
  })
  const isWrapped = kind === 'action' || ast.type === 'CallExpression'
  const depth = isWrapped ? 1 : 0
  return functions
    .filter((one) => functions.filter((other) => other !== one && containsFunction(other, one)).length === depth)
    .map(({ body }) => {
      const start = body.type === 'BlockStatement' ? (body.body[0]?.start ?? body.end - 1) : body.start
      const { line, column } = getLineInfo(expression, start)
      return { line: line - 1, column }
    })
}

function isFunction(node: AnyNode): node is AnyNode & FunctionNode {
  return /^(Arrow)?Function(Declaration|Expression)$/.test(node.type)
}

function containsFunction(outer: FunctionNode, inner: FunctionNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}

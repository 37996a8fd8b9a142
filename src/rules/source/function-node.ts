import type { AnyNode, AssignmentExpression, Function as FunctionNode, Node } from 'acorn'

/** The function that a piece of code is, parentheses aside; a generator is none, because calling it runs nothing. */
export function functionOf(node: AnyNode | null | undefined): FunctionNode | undefined {
  const inner = withoutParentheses(node)
  return isAnyFunction(inner) && !inner.generator ? inner : undefined
}

/** The function that a larger expression begins with, such as the callee of a call. A chain of calls may be long. */
export function leadingFunction(whole: AnyNode): FunctionNode | undefined {
  for (let node: AnyNode | undefined = whole; node !== undefined; node = firstPart(node)) {
    const found = functionOf(node)
    if (found !== undefined) return found
  }
  return undefined
}

function firstPart(node: AnyNode): AnyNode | undefined {
  const parts: readonly unknown[] = Object.values(node).flat()
  return parts.find((part) => isNode(part) && part.start === node.start) as AnyNode | undefined
}

export function isGenerator(node: AnyNode): boolean {
  const inner = withoutParentheses(node)
  return isAnyFunction(inner) && inner.generator
}

/** What `module.exports = …` assigns, also through `exports = module.exports = …`. */
export function exportedValue(node: AnyNode): AnyNode | undefined {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined
  if (isModuleExports(node.left)) return exportedValue(node.right) ?? node.right
  const isExports = node.left.type === 'Identifier' && node.left.name === 'exports'
  return isExports ? exportedValue(node.right) : undefined
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'type' in part && 'start' in part
}

function isModuleExports(left: AssignmentExpression['left']): boolean {
  if (left.type !== 'MemberExpression' || left.computed) return false
  const { object, property } = left
  return object.type === 'Identifier' && object.name === 'module' && 'name' in property && property.name === 'exports'
}

function withoutParentheses(node: AnyNode | null | undefined): AnyNode | null | undefined {
  return node?.type === 'ParenthesizedExpression' ? withoutParentheses(node.expression) : node
}

function isAnyFunction(node: AnyNode | null | undefined): node is AnyNode & FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  )
}

import type { AnyNode, AssignmentExpression, Function as FunctionNode, Node } from 'acorn'

/** Returns the node if it is a function, ignoring parentheses. A generator does not count, because calling it runs nothing. */
export function toFunctionNode(node: AnyNode | null | undefined): FunctionNode | undefined {
  const inner = stripParentheses(node)
  return isAnyFunction(inner) && !inner.generator ? inner : undefined
}

/** Finds the function that an expression begins with, such as the callee of a call. A loop, because a chain of calls may be long. */
export function findLeadingFunction(root: AnyNode): FunctionNode | undefined {
  for (let node: AnyNode | undefined = root; node !== undefined; node = getFirstChild(node)) {
    const functionNode = toFunctionNode(node)
    if (functionNode !== undefined) return functionNode
  }
  return undefined
}

function getFirstChild(node: AnyNode): AnyNode | undefined {
  const children: readonly unknown[] = Object.values(node).flat()
  return children.find((child) => isNode(child) && child.start === node.start) as AnyNode | undefined
}

export function isGenerator(node: AnyNode): boolean {
  const inner = stripParentheses(node)
  return isAnyFunction(inner) && inner.generator
}

/** Returns the value assigned by `module.exports = …`, or by `exports = module.exports = …`. */
export function getExportedValue(node: AnyNode): AnyNode | undefined {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined
  if (isModuleExports(node.left)) return getExportedValue(node.right) ?? node.right
  const isExports = node.left.type === 'Identifier' && node.left.name === 'exports'
  return isExports ? getExportedValue(node.right) : undefined
}

function isNode(child: unknown): child is Node {
  return typeof child === 'object' && child !== null && 'type' in child && 'start' in child
}

function isModuleExports(left: AssignmentExpression['left']): boolean {
  if (left.type !== 'MemberExpression' || left.computed) return false
  const { object, property } = left
  return object.type === 'Identifier' && object.name === 'module' && 'name' in property && property.name === 'exports'
}

function stripParentheses(node: AnyNode | null | undefined): AnyNode | null | undefined {
  return node?.type === 'ParenthesizedExpression' ? stripParentheses(node.expression) : node
}

function isAnyFunction(node: AnyNode | null | undefined): node is AnyNode & FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  )
}

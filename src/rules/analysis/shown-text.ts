import type { AnyNode } from 'acorn'
import type { Tree } from '../source/tree.ts'

const maxSteps = 5

/**
 * The text that an expression comes to, as far as it shows: `'https://' + configuration.HOST + '/x'` is
 * `https://${configuration.HOST}/x`. Undefined where nothing of it does.
 */
export function shownText(tree: Tree, node: AnyNode): string | undefined {
  const text = textOf(tree, node, maxSteps)
  return text.replaceAll(/\$\{[^}]*\}/g, '') === '' ? undefined : text
}

/** The same, where what is not known counts, too. */
export function textOrCode(tree: Tree, node: AnyNode): string {
  return textOf(tree, node, maxSteps)
}

function textOf(tree: Tree, node: AnyNode, steps: number): string {
  const again = (part: AnyNode): string => textOf(tree, part, steps - 1)
  if (steps === 0) return code(tree, node)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : code(tree, node)
    case 'TemplateLiteral':
      return node.quasis
        .map(({ value }, index) => {
          const part = node.expressions[index]
          return (value.cooked ?? '') + (part === undefined ? '' : again(part))
        })
        .join('')
    case 'BinaryExpression':
      return node.operator === '+' ? again(node.left) + again(node.right) : code(tree, node)
    case 'LogicalExpression':
      return again(node.left)
    case 'ParenthesizedExpression':
      return again(node.expression)
    case 'Identifier': {
      const value = tree.valueOf(node)
      return value === undefined ? code(tree, node) : again(value)
    }
    default:
      return code(tree, node)
  }
}

function code(tree: Tree, node: AnyNode): string {
  return `\${${tree.textOf(node).replaceAll(/\s+/g, ' ').replaceAll(/[{}]/g, '').slice(0, 60)}}`
}

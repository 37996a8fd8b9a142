import type { AnyNode } from 'acorn'
import type { ParsedScript } from '../source/parsed-script.ts'

const maxSteps = 5

/**
 * Resolves the text of an expression, as far as the code shows it: `'https://' + configuration.HOST + '/x'` is
 * `https://${configuration.HOST}/x`. Returns undefined if no part of it is known.
 */
export function resolveText(parsedScript: ParsedScript, node: AnyNode): string | undefined {
  const text = buildText(parsedScript, node, maxSteps)
  return text.replaceAll(/\$\{[^}]*\}/g, '') === '' ? undefined : text
}

/** Like `resolveText`, but returns the code as `${…}` if no part of the text is known. */
export function resolveTextOrCode(parsedScript: ParsedScript, node: AnyNode): string {
  return buildText(parsedScript, node, maxSteps)
}

function buildText(parsedScript: ParsedScript, node: AnyNode, steps: number): string {
  const recurse = (part: AnyNode): string => buildText(parsedScript, part, steps - 1)
  if (steps === 0) return toPlaceholder(parsedScript, node)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' || typeof node.value === 'number'
        ? String(node.value)
        : toPlaceholder(parsedScript, node)
    case 'TemplateLiteral':
      return node.quasis
        .map(({ value }, index) => {
          const part = node.expressions[index]
          return (value.cooked ?? '') + (part === undefined ? '' : recurse(part))
        })
        .join('')
    case 'BinaryExpression':
      return node.operator === '+' ? recurse(node.left) + recurse(node.right) : toPlaceholder(parsedScript, node)
    case 'LogicalExpression':
      return recurse(node.left)
    case 'ParenthesizedExpression':
      return recurse(node.expression)
    case 'Identifier': {
      const value = parsedScript.resolveValue(node)
      return value === undefined ? toPlaceholder(parsedScript, node) : recurse(value)
    }
    default:
      return toPlaceholder(parsedScript, node)
  }
}

function toPlaceholder(parsedScript: ParsedScript, node: AnyNode): string {
  return `\${${parsedScript.getText(node).replaceAll(/\s+/g, ' ').replaceAll(/[{}]/g, '').slice(0, 60)}}`
}

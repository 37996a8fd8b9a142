import { parse, parseExpressionAt, type Node, type Options, type Program } from 'acorn'
import { blankOut } from './blank-out.ts'
import { getExportedValue, toFunctionNode, isGenerator, findLeadingFunction } from './function-node.ts'
import { toSourceLocation, createSyntaxError, type ThrowSyntaxError } from '../ruleset/rule-errors.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { toExpression } from './to-expression.ts'

/** Rules are sloppy scripts. Parentheses are part of an expression, so that cutting keeps them in pairs. */
const parseOptions: Options = { ecmaVersion: 'latest', sourceType: 'script', preserveParens: true }

/** Where and why parsing failed. */
interface ParseFailure {
  readonly offset: number
  readonly reason: string
}

/**
 * Reduces a rule's text to one JavaScript expression whose value is a function.
 *
 * Text before it becomes blanks, so that lines and columns stay; text after it is cut off. The expression was parsed as a
 * whole, so that code put around it cannot be closed from inside.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if the text is not a rule
 */
export function parseRuleExpression(rule: RuleFile): string {
  const text = rule.script.replace(/^\uFEFF/, '')
  const throwSyntaxError: ThrowSyntaxError = (offset, reason) => {
    const keyword = findKeyword(text, offset)
    if (keyword === undefined) throw createSyntaxError(rule, toSourceLocation(text, offset), reason)
    throw createSyntaxError(
      rule,
      toSourceLocation(text, keyword.index),
      `The keyword ${keyword[0]} of auth0-deploy-cli was not replaced`,
    )
  }
  const program = tryParse(() => parse(text, parseOptions))
  if ('node' in program) return extractFromProgram(program.node, text, throwSyntaxError)
  const parsedExpression = tryParse(() => parseExpressionAt(text, 0, parseOptions))
  if (!('node' in parsedExpression)) return throwSyntaxError(...pickFurthest(program, parsedExpression))
  if (toFunctionNode(parsedExpression.node) !== undefined)
    return extractFromExpression(parsedExpression.node, text, throwSyntaxError)
  const leading = findLeadingFunction(parsedExpression.node)
  return leading === undefined
    ? throwSyntaxError(program.offset, program.reason)
    : throwSyntaxError(leading.end, 'Unexpected code after the rule')
}

/** Exported rules may hold keywords, which are not JavaScript until a deployment replaces them. */
function findKeyword(text: string, offset: number): RegExpExecArray | undefined {
  const keywords = [...text.matchAll(/@@\w+@@|##\w+##/g)]
  return keywords.find(({ index, 0: { length } }) => index <= offset && offset < index + length)
}

/** Picks the failure further into the text: that parse matched the author's intention better. */
function pickFurthest(program: ParseFailure, parsedExpression: ParseFailure): [offset: number, reason: string] {
  const { offset, reason } = parsedExpression.offset < program.offset ? program : parsedExpression
  return [offset, reason]
}

/** Extracts the rule from a whole script: a declaration, an expression, or functions beside the rule. */
function extractFromProgram(program: Program, text: string, throwSyntaxError: ThrowSyntaxError): string {
  const statements = program.body.filter((statement) => statement.type !== 'EmptyStatement')
  const [first, ...others] = statements
  if (first === undefined) return throwSyntaxError(0, 'There is no code')
  if (others.length > 0 || first.type === 'VariableDeclaration') return toExpression(statements, text, throwSyntaxError)
  const rule = first.type === 'ExpressionStatement' ? (getExportedValue(first.expression) ?? first.expression) : first
  if (toFunctionNode(rule) !== undefined) return extractNode(text, rule)
  return throwSyntaxError(rule.start, isGenerator(rule) ? 'A generator cannot be a rule' : 'This is no function')
}

/** Extracts a function without a name, which is not a script. Only `;` and comments may follow it. */
function extractFromExpression(rule: Node, text: string, throwSyntaxError: ThrowSyntaxError): string {
  // The semicolon keeps `-->` from looking like a comment at the start of a line, which it is not here.
  const rest = tryParse(() => parse(`${blankOut(text.slice(0, rule.end - 1))};${text.slice(rule.end)}`, parseOptions))
  if (!('node' in rest)) return throwSyntaxError(rest.offset, 'Unexpected code after the rule')
  const unexpected = rest.node.body.find((statement) => statement.type !== 'EmptyStatement')
  return unexpected === undefined
    ? extractNode(text, rule)
    : throwSyntaxError(unexpected.start, 'Unexpected code after the rule')
}

function extractNode(text: string, node: Node): string {
  return blankOut(text.slice(0, node.start)) + text.slice(node.start, node.end)
}

function tryParse<T extends Node>(read: () => T): { readonly node: T } | ParseFailure {
  try {
    return { node: read() }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
    return { offset, reason: error.message.replace(/ \(\d+:\d+\)$/, '') }
  }
}

import { parse, parseExpressionAt, type Node, type Options, type Program } from 'acorn'
import type { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { blankOut } from './blank-out.ts'
import { getExportedValue, toFunctionNode, isGenerator, findLeadingFunction } from './function-node.ts'
import {
  createShapeErrorAt,
  createSyntaxError,
  missingName,
  toSourceLocation,
  type ThrowShapeError,
  valueImport,
} from '../ruleset/rule-errors.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { findNamelessFunction } from './find-nameless-function.ts'
import { hasFunctionBefore } from './has-function-before.ts'
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
  const throwShapeError: ThrowShapeError = (offset, reason) => {
    throw createKeywordError(rule, text, offset) ?? createShapeErrorAt(rule, text, offset, reason)
  }
  const program = tryParse(() => parse(text, parseOptions))
  if ('node' in program) return extractFromProgram(program.node, text, throwShapeError)
  assertNoModuleStatement(program, text, throwShapeError)
  const parsedExpression = tryParse(() => parseExpressionAt(text, 0, parseOptions))
  if (!('node' in parsedExpression)) {
    const failure = pickFurthest(program, parsedExpression)
    const { offset, reason } = failure
    assertNoModuleStatement(failure, text, throwShapeError)
    assertNamed(failure, text, throwShapeError)
    if (!hasFunctionBefore(text, offset)) return throwShapeError(offset, reason)
    throw createKeywordError(rule, text, offset) ?? createSyntaxError(rule, toSourceLocation(text, offset), reason)
  }
  if (toFunctionNode(parsedExpression.node) !== undefined)
    return extractFromExpression(parsedExpression.node, text, throwShapeError)
  const leading = findLeadingFunction(parsedExpression.node)
  return leading === undefined
    ? throwShapeError(program.offset, program.reason)
    : throwShapeError(leading.end, 'Unexpected code after the rule')
}

/** The reason that acorn gives for `import` and `export` in a script, and inside a function. */
const moduleReason = /^'import' and 'export' may /

/** Throws a better reason for a failure at `import` or `export`. */
function assertNoModuleStatement(
  { offset, reason }: ParseFailure,
  text: string,
  throwShapeError: ThrowShapeError,
): void {
  if (!moduleReason.test(reason)) return
  const isImport = text.startsWith('import', offset)
  throwShapeError(offset, isImport ? valueImport : 'A rule in JavaScript is no module: it has no export')
}

/** Throws a better reason for a failure at a function that has no name, but needs one. */
function assertNamed({ offset }: ParseFailure, text: string, throwShapeError: ThrowShapeError): void {
  const start = findNamelessFunction(text, offset)
  if (start !== undefined) throwShapeError(start, missingName)
}

/**
 * Creates the error of a keyword at an offset; undefined if there is none.
 *
 * Exported rules may hold keywords, which are not JavaScript until a deployment replaces them.
 */
function createKeywordError(rule: RuleFile, text: string, offset: number): ClaimsmithError | undefined {
  const keywords = [...text.matchAll(/@@\w+@@|##\w+##/g)]
  const keyword = keywords.find(({ index, 0: { length } }) => index <= offset && offset < index + length)
  if (keyword === undefined) return undefined
  const reason = `The keyword ${keyword[0]} of auth0-deploy-cli was not replaced`
  return createSyntaxError(rule, toSourceLocation(text, keyword.index), reason)
}

/** Picks the failure further into the text: that parse matched the author's intention better. */
function pickFurthest(program: ParseFailure, parsedExpression: ParseFailure): ParseFailure {
  return parsedExpression.offset < program.offset ? program : parsedExpression
}

/** Extracts the rule from a whole script: a declaration, an expression, or functions beside the rule. */
function extractFromProgram(program: Program, text: string, throwShapeError: ThrowShapeError): string {
  const statements = program.body.filter((statement) => statement.type !== 'EmptyStatement')
  const [first, ...others] = statements
  if (first === undefined) return throwShapeError(0, 'There is no code')
  if (others.length > 0 || first.type === 'VariableDeclaration') return toExpression(statements, text, throwShapeError)
  const rule = first.type === 'ExpressionStatement' ? (getExportedValue(first.expression) ?? first.expression) : first
  if (toFunctionNode(rule) !== undefined) return extractNode(text, rule)
  return throwShapeError(rule.start, isGenerator(rule) ? 'A generator cannot be a rule' : 'This is no function')
}

/** Extracts a function without a name, which is not a script. Only `;` and comments may follow it. */
function extractFromExpression(rule: Node, text: string, throwShapeError: ThrowShapeError): string {
  // The semicolon keeps `-->` from looking like a comment at the start of a line, which it is not here.
  const rest = tryParse(() => parse(`${blankOut(text.slice(0, rule.end - 1))};${text.slice(rule.end)}`, parseOptions))
  if (!('node' in rest)) {
    assertNamed(rest, text, throwShapeError)
    return throwShapeError(rest.offset, 'Unexpected code after the rule')
  }
  const unexpected = rest.node.body.find((statement) => statement.type !== 'EmptyStatement')
  if (unexpected === undefined) return extractNode(text, rule)
  const isDeclaration = /^(Function|Variable|Class)Declaration$/.test(unexpected.type)
  return isDeclaration
    ? throwShapeError(rule.start, missingName)
    : throwShapeError(unexpected.start, 'Unexpected code after the rule')
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

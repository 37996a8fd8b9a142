import { parse, parseExpressionAt, type Node, type Options, type Program } from 'acorn'
import { blank } from './blanks.ts'
import { exportedValue, functionOf, isGenerator, leadingFunction } from './function-node.ts'
import { placeOf, syntaxError, type Refuse } from '../ruleset/refusal.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { wrapped } from './wrapped.ts'

/** Rules are sloppy scripts. Parentheses count as part of an expression, so that cutting keeps them in pairs. */
const dialect: Options = { ecmaVersion: 'latest', sourceType: 'script', preserveParens: true }

/** Where and why the parser gave up. */
interface Failure {
  readonly offset: number
  readonly reason: string
}

/**
 * Cuts a rule's text to one JavaScript expression whose value is a function.
 *
 * What stands before it is turned into blanks, line for line and column for column; what stands after it is cut off. The
 * text of the expression was parsed as a whole, so it ends where it seems to end, whatever is put around it.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX
 */
export function ruleExpression(rule: RuleFile): string {
  const text = rule.script.replace(/^\uFEFF/, '')
  const refuse: Refuse = (offset, reason) => {
    const keyword = keywordAt(text, offset)
    if (keyword === undefined) throw syntaxError(rule, placeOf(text, offset), reason)
    throw syntaxError(
      rule,
      placeOf(text, keyword.index),
      `The keyword ${keyword[0]} of auth0-deploy-cli was not replaced`,
    )
  }
  const program = attempt(() => parse(text, dialect))
  if ('node' in program) return fromProgram(program.node, text, refuse)
  const alone = attempt(() => parseExpressionAt(text, 0, dialect))
  if (!('node' in alone)) return refuse(...furthest(program, alone))
  if (functionOf(alone.node) !== undefined) return fromExpression(alone.node, text, refuse)
  const head = leadingFunction(alone.node)
  return head === undefined
    ? refuse(program.offset, program.reason)
    : refuse(head.end, 'Unexpected code after the rule')
}

/** Exported rules may hold placeholders, which are no JavaScript until a deployment replaces them. */
function keywordAt(text: string, offset: number): RegExpExecArray | undefined {
  const keywords = [...text.matchAll(/@@\w+@@|##\w+##/g)]
  return keywords.find(({ index, 0: { length } }) => index <= offset && offset < index + length)
}

/** Of two ways to read a text, the one that got further is the one that was meant. */
function furthest(program: Failure, alone: Failure): [offset: number, reason: string] {
  const { offset, reason } = alone.offset < program.offset ? program : alone
  return [offset, reason]
}

/** A text that also is a whole script: a declaration, an expression, or functions beside the rule. */
function fromProgram(program: Program, text: string, refuse: Refuse): string {
  const statements = program.body.filter((statement) => statement.type !== 'EmptyStatement')
  const [first, ...others] = statements
  if (first === undefined) return refuse(0, 'There is no code')
  if (others.length > 0 || first.type === 'VariableDeclaration') return wrapped(statements, text, refuse)
  const rule = first.type === 'ExpressionStatement' ? (exportedValue(first.expression) ?? first.expression) : first
  if (functionOf(rule) !== undefined) return cut(text, rule)
  return refuse(rule.start, isGenerator(rule) ? 'A generator cannot be a rule' : 'This is no function')
}

/** A function without a name is no script by itself; after it only `;` and comments may follow. */
function fromExpression(rule: Node, text: string, refuse: Refuse): string {
  // The semicolon keeps `-->` from looking like a comment at the start of a line, which it is not here.
  const rest = attempt(() => parse(`${blank(text.slice(0, rule.end - 1))};${text.slice(rule.end)}`, dialect))
  if (!('node' in rest)) return refuse(rest.offset, 'Unexpected code after the rule')
  const unexpected = rest.node.body.find((statement) => statement.type !== 'EmptyStatement')
  return unexpected === undefined ? cut(text, rule) : refuse(unexpected.start, 'Unexpected code after the rule')
}

function cut(text: string, node: Node): string {
  return blank(text.slice(0, node.start)) + text.slice(node.start, node.end)
}

function attempt<T extends Node>(read: () => T): { readonly node: T } | Failure {
  try {
    return { node: read() }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
    return { offset, reason: error.message.replace(/ \(\d+:\d+\)$/, '') }
  }
}

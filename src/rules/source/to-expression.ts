import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import { blankOut } from './blank-out.ts'
import { getExportedValue, toFunctionNode } from './function-node.ts'
import { missingName, type ThrowShapeError } from '../ruleset/rule-errors.ts'

/** A function of the top level, and its name. */
interface NamedFunction {
  readonly name: string
  readonly parameters: readonly AnyNode[]
  readonly start: number
}

/**
 * Wraps a rule that has functions or variables beside it into one expression.
 *
 * The rule is the value of `module.exports`, otherwise the last function with two or three parameters. Lines stay as they
 * are. Columns stay if a line before the code has room for the opening, such as a comment that is now blank. Otherwise
 * columns of the first line move right by the length of the opening.
 */
export function toExpression(statements: readonly AnyNode[], text: string, throwShapeError: ThrowShapeError): string {
  const stray = statements.find((statement) => !isAllowedBesideRule(statement))
  if (stray !== undefined) return throwShapeError(stray.start, describeStray(stray))
  const functions = statements.flatMap(listNamedFunctions)
  const exportedNode = statements.map(getModuleExport).findLast((value) => value !== undefined)
  const isFunction =
    exportedNode?.type === 'Identifier'
      ? hasFunctionNamed(functions, exportedNode.name)
      : toFunctionNode(exportedNode) !== undefined
  if (exportedNode !== undefined && !isFunction)
    return throwShapeError(exportedNode.start, 'What module.exports is given is no function')
  const rule = functions.findLast(({ parameters: { length } }) => length === 2 || length === 3)
  const [start = 0, end = 0] = [statements[0]?.start, statements.at(-1)?.end]
  if (exportedNode === undefined && rule === undefined)
    return throwShapeError(start, 'No function here takes (user, context, callback)')
  const code = text.slice(start, end)
  const before = blankOut(text.slice(0, start))
  if (exportedNode !== undefined) return `${insertOpening(before, '(module=>{')}${code}\nreturn module.exports})({})`
  const uncalled = functions.find(
    (one) => one !== rule && hasSameParameters(one, rule) && countMentions(one.name, statements) === 1,
  )
  if (uncalled !== undefined) return throwShapeError(uncalled.start, describeUncalled(uncalled.name))
  return `${insertOpening(before, '(()=>{')}${code}\nreturn ${rule?.name}})()`
}

function describeStray(stray: AnyNode): string {
  const isFunction = stray.type === 'ExpressionStatement' && toFunctionNode(stray.expression) !== undefined
  return isFunction ? missingName : 'Beside the rule there may only be functions and variables'
}

function isAllowedBesideRule(statement: AnyNode): boolean {
  if (statement.type === 'ExpressionStatement') {
    return statement.directive !== undefined || getExportedValue(statement.expression) !== undefined
  }
  return ['FunctionDeclaration', 'VariableDeclaration', 'ClassDeclaration'].includes(statement.type)
}

function getModuleExport(statement: AnyNode): AnyNode | undefined {
  return statement.type === 'ExpressionStatement' ? getExportedValue(statement.expression) : undefined
}

function listNamedFunctions(statement: AnyNode): readonly NamedFunction[] {
  const pairs: ReadonlyArray<readonly [AnyNode | null | undefined, AnyNode | null | undefined]> =
    statement.type === 'VariableDeclaration'
      ? statement.declarations.map(({ id, init }) => [id, init] as const)
      : statement.type === 'FunctionDeclaration'
        ? [[statement.id, statement]]
        : []
  return pairs.flatMap(([id, value]) => {
    const functionNode = toFunctionNode(value)
    return id?.type === 'Identifier' && functionNode !== undefined
      ? [{ name: id.name, parameters: functionNode.params, start: statement.start }]
      : []
  })
}

const describeUncalled = (name: string): string => `Nothing calls ${name}: a second rule belongs in a file of its own`

/** A helper may have three parameters too, but its first is not called like the rule's. */
function hasSameParameters({ parameters }: NamedFunction, rule: NamedFunction | undefined): boolean {
  const [first] = parameters
  const [ruleParameter] = rule?.parameters ?? []
  return (
    parameters.length === 3 &&
    first?.type === 'Identifier' &&
    ruleParameter?.type === 'Identifier' &&
    first.name === ruleParameter.name
  )
}

/** Counts a name in the code, its declaration included. */
function countMentions(name: string, statements: readonly AnyNode[]): number {
  let count = 0
  for (const statement of statements) {
    full(statement, (node) => {
      if (node.type === 'Identifier' && node.name === name) count++
    })
  }
  return count
}

function hasFunctionNamed(functions: readonly NamedFunction[], name: string): boolean {
  return functions.some((one) => one.name === name)
}

/** Puts an opening into the blanks before the code, so that no column moves; before them if there are too few. */
export function insertOpening(before: string, opening: string): string {
  const gapStart = before.indexOf(' '.repeat(opening.length))
  return gapStart < 0 ? opening + before : before.slice(0, gapStart) + opening + before.slice(gapStart + opening.length)
}

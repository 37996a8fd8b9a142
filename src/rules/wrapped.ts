import type { AnyNode } from 'acorn'
import { blank } from './blanks.ts'
import { exportedValue, functionOf } from './function-node.ts'
import type { Refuse } from './refusal.ts'

/** A function of the top level and the name it goes by. */
interface Named {
  readonly name: string
  readonly parameterCount: number
  readonly start: number
}

/**
 * Makes one expression of a rule that has other functions or variables beside it.
 *
 * The rule is what `module.exports` is given, otherwise the last function with two or three parameters. The text keeps its
 * lines. Its columns stay true where blanks stand before it on a line of their own, such as those of a comment; without
 * them, columns of the first line move right by the length of the opening.
 */
export function wrapped(statements: readonly AnyNode[], text: string, refuse: Refuse): string {
  const stray = statements.find((statement) => !mayStandBeside(statement))
  if (stray !== undefined) return refuse(stray.start, 'Beside the rule there may only be functions and variables')
  const functions = statements.flatMap(namedFunctions)
  const exported = statements.map(exportOf).findLast((value) => value !== undefined)
  const isFunction =
    exported?.type === 'Identifier' ? isNamed(functions, exported.name) : functionOf(exported) !== undefined
  if (exported !== undefined && !isFunction)
    return refuse(exported.start, 'What module.exports is given is no function')
  const rule = functions.findLast(({ parameterCount }) => parameterCount === 2 || parameterCount === 3)
  const [start = 0, end = 0] = [statements[0]?.start, statements.at(-1)?.end]
  if (exported === undefined && rule === undefined)
    return refuse(start, 'No function here takes (user, context, callback)')
  const code = text.slice(start, end)
  const before = blank(text.slice(0, start))
  if (exported !== undefined) return `${opened(before, '(module=>{')}${code}\nreturn module.exports})({})`
  const second = functions.find((one) => one !== rule && one.parameterCount === 3 && timesNamed(one.name, code) === 1)
  if (second !== undefined) return refuse(second.start, notCalled(second.name))
  return `${opened(before, '(()=>{')}${code}\nreturn ${rule?.name}})()`
}

function mayStandBeside(statement: AnyNode): boolean {
  if (statement.type === 'ExpressionStatement') {
    return statement.directive !== undefined || exportedValue(statement.expression) !== undefined
  }
  return ['FunctionDeclaration', 'VariableDeclaration', 'ClassDeclaration'].includes(statement.type)
}

function exportOf(statement: AnyNode): AnyNode | undefined {
  return statement.type === 'ExpressionStatement' ? exportedValue(statement.expression) : undefined
}

function namedFunctions(statement: AnyNode): readonly Named[] {
  const pairs: ReadonlyArray<readonly [AnyNode | null | undefined, AnyNode | null | undefined]> =
    statement.type === 'VariableDeclaration'
      ? statement.declarations.map(({ id, init }) => [id, init] as const)
      : statement.type === 'FunctionDeclaration'
        ? [[statement.id, statement]]
        : []
  return pairs.flatMap(([id, value]) => {
    const found = functionOf(value)
    return id?.type === 'Identifier' && found !== undefined
      ? [{ name: id.name, parameterCount: found.params.length, start: statement.start }]
      : []
  })
}

const notCalled = (name: string): string => `Nothing calls ${name}: a second rule belongs in a file of its own`

function timesNamed(name: string, code: string): number {
  return code.split(new RegExp(String.raw`(?<![\w$.])${name.replaceAll('$', String.raw`\$`)}(?![\w$])`)).length - 1
}

function isNamed(functions: readonly Named[], name: string): boolean {
  return functions.some((one) => one.name === name)
}

/** Puts an opening into the blanks before the code, so that no column moves; where there are too few, before them. */
export function opened(before: string, opening: string): string {
  const room = before.indexOf(' '.repeat(opening.length))
  return room < 0 ? opening + before : before.slice(0, room) + opening + before.slice(room + opening.length)
}

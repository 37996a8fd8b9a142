import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import { blank } from './blanks.ts'
import { exportedValue, functionOf } from './function-node.ts'
import type { Refuse } from '../ruleset/refusal.ts'

/** A function of the top level and the name it goes by. */
interface Named {
  readonly name: string
  readonly parameters: readonly AnyNode[]
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
  const rule = functions.findLast(({ parameters: { length } }) => length === 2 || length === 3)
  const [start = 0, end = 0] = [statements[0]?.start, statements.at(-1)?.end]
  if (exported === undefined && rule === undefined)
    return refuse(start, 'No function here takes (user, context, callback)')
  const code = text.slice(start, end)
  const before = blank(text.slice(0, start))
  if (exported !== undefined) return `${opened(before, '(module=>{')}${code}\nreturn module.exports})({})`
  const second = functions.find(
    (one) => one !== rule && takesTheSame(one, rule) && timesNamed(one.name, statements) === 1,
  )
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
      ? [{ name: id.name, parameters: found.params, start: statement.start }]
      : []
  })
}

const notCalled = (name: string): string => `Nothing calls ${name}: a second rule belongs in a file of its own`

/** A helper may take three things as well, but not a user first. */
function takesTheSame({ parameters }: Named, rule: Named | undefined): boolean {
  const [first] = parameters
  const [own] = rule?.parameters ?? []
  return (
    parameters.length === 3 && first?.type === 'Identifier' && own?.type === 'Identifier' && first.name === own.name
  )
}

/** How often a name stands in the code, where it is declared included. */
function timesNamed(name: string, statements: readonly AnyNode[]): number {
  let times = 0
  for (const statement of statements) {
    full(statement, (node) => {
      if (node.type === 'Identifier' && node.name === name) times++
    })
  }
  return times
}

function isNamed(functions: readonly Named[], name: string): boolean {
  return functions.some((one) => one.name === name)
}

/** Puts an opening into the blanks before the code, so that no column moves; where there are too few, before them. */
export function opened(before: string, opening: string): string {
  const room = before.indexOf(' '.repeat(opening.length))
  return room < 0 ? opening + before : before.slice(0, room) + opening + before.slice(room + opening.length)
}

import type { AnyNode, CallExpression, Identifier, Node, VariableDeclarator } from 'acorn'
import { simple } from 'acorn-walk'
import type { Variable } from 'eslint-scope'
import type { ParsedScript } from '../source/parsed-script.ts'

/** What a write begins with: a name that the rule does not declare, or a direct `require('x')`. */
type WriteRoot = Identifier | CallExpression

export interface Write {
  readonly root: WriteRoot
  readonly node: Node
}

/** Methods of `Object` and `Reflect` that change their first argument: `Object.assign(String.prototype, …)`. */
const mutatorNames = new Set(
  'assign defineProperty defineProperties deleteProperty freeze preventExtensions seal set setPrototypeOf'.split(' '),
)

/** Functions of lodash and of its like that do: `_.extend(_.templateSettings, …)`. */
const copierNames = new Set('assign assignIn assignWith defaults defaultsDeep extend merge set unset'.split(' '))

/** Methods that change the object that they are called on: `http.globalAgent.on(…)`. */
const changerNames = new Set(
  (
    'add addListener clear copyWithin delete fill on once pop prependListener push removeAllListeners removeListener ' +
    'reverse setMaxListeners setTypeParser shift sort splice unshift'
  ).split(' '),
)

const maxSteps = 8

/** Finds writes to names that the rule does not declare, to modules that it requires, and to variables that hold a part of either. */
export function findWrites({ program, freeNodes, findVariable }: ParsedScript): readonly Write[] {
  const writes: Write[] = []

  function addWrite(target: AnyNode, node: Node): void {
    const root = findRoot(target, maxSteps)
    if (root !== undefined) writes.push({ root, node })
  }

  /** Finds what `a.b.c` begins with, also if a variable holds `a.b`. */
  function findRoot(target: AnyNode, steps: number): WriteRoot | undefined {
    if (steps === 0) return undefined
    if (target.type === 'MemberExpression') return findRoot(target.object, steps)
    if (target.type === 'ParenthesizedExpression') return findRoot(target.expression, steps)
    if (target.type === 'LogicalExpression') return findRoot(target.left, steps - 1)
    if (isRequire(target)) return freeNodes.has(target.callee) ? target : undefined
    if (target.type !== 'Identifier') return undefined
    if (freeNodes.has(target)) return target
    const value = findInitializer(findVariable(target))
    return value === undefined ? undefined : findRoot(value, steps - 1)
  }

  /** Whether an expression is a part of something, and not a module itself, whose methods are functions that it offers. */
  function isPart(node: AnyNode): boolean {
    if (node.type !== 'Identifier') return node.type === 'MemberExpression'
    return findDefinitions(findVariable(node)).some(
      ({ id, init }) => init?.type === 'MemberExpression' || id.type === 'ObjectPattern',
    )
  }

  simple(program, {
    CallExpression(node) {
      for (const changed of listChanged(node, freeNodes, isPart)) addWrite(changed, node)
    },
    AssignmentExpression(node) {
      if (node.left.type === 'MemberExpression') addWrite(node.left, node)
    },
    UpdateExpression(node) {
      if (node.argument.type === 'MemberExpression') addWrite(node.argument, node)
    },
    UnaryExpression(node) {
      if (node.operator === 'delete' && node.argument.type === 'MemberExpression') addWrite(node.argument, node)
    },
  })
  return writes
}

export function isRequire(node: AnyNode | null | undefined): node is CallExpression & { readonly callee: Identifier } {
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require'
}

/** The value that a variable is declared with, also by a pattern: `const { types } = pg`. */
function findInitializer(variable: Variable | undefined): AnyNode | undefined {
  return findDefinitions(variable).find(({ init }) => init != null)?.init ?? undefined
}

function findDefinitions(variable: Variable | undefined): readonly VariableDeclarator[] {
  return (variable?.defs ?? [])
    .filter(({ type }) => type === 'Variable')
    .map(({ node }) => node as unknown as VariableDeclarator)
}

/** Lists what a call changes, by the name of the function. */
function listChanged(
  { callee, arguments: [first] }: CallExpression,
  freeNodes: ReadonlySet<AnyNode>,
  isPart: (node: AnyNode) => boolean,
): AnyNode[] {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return []
  const { object, property } = callee
  const isBuiltin =
    object.type === 'Identifier' && freeNodes.has(object) && (object.name === 'Object' || object.name === 'Reflect')
  if (isBuiltin) return first !== undefined && mutatorNames.has(property.name) ? [first] : []
  if (property.name === 'mixin') return [object]
  if (changerNames.has(property.name) && isPart(object)) return [object]
  return first !== undefined && copierNames.has(property.name) ? [first] : []
}

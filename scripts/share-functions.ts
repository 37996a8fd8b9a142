import { type AnyNode, type Function as FunctionNode, type Node, type Program, parse } from 'acorn'
import { ancestor } from 'acorn-walk'
import { type Scope, analyze } from 'eslint-scope'

/**
 * Adds to a module's code a list of the functions and classes that it keeps for itself, for `__claimsmith.share`.
 *
 * Instances lead to their classes, and emitters to their listeners. A realm for many logins freezes them, and cannot find them
 * by what the module exports. The list has the functions of all scopes that are there once the module has started: its own,
 * and those of functions that it calls at once.
 */
export function shareFunctions(code: string): string {
  const [opening, closing] = ['(function(module,exports,require){', '\n})']
  const program = parse(`${opening}${code}${closing}`, { ecmaVersion: 'latest', sourceType: 'script', ranges: true })
  const { scopes } = analyze(program as never, { ecmaVersion: 2024, sourceType: 'script' })
  const startBodies = findStartBodies(program)
  const changed = findChangedNames(program, startBodies)
  const exported = /module\.exports\s*=\s*(class|function)\b/.test(code) ? ['module.exports'] : []
  const insertions = scopes.flatMap((scope) => {
    const body = startBodies.get(scope.block as unknown as AnyNode)
    const isModule = scope.block.range?.[0] === 1
    const names =
      body === undefined || scope.type !== 'function'
        ? []
        : [...listFunctions(scope, changed), ...(isModule ? exported : [])]
    return body === undefined || names.length === 0
      ? []
      : [{ at: findFirstStatement(body) - opening.length, text: `;__claimsmith.share(()=>[${names.join()}]);` }]
  })
  return insertions
    .toSorted((one, other) => other.at - one.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), code)
}

type Body = Extract<FunctionNode['body'], { type: 'BlockStatement' }>

/** Finds the functions that run once, when the module starts, each with its body. */
function findStartBodies(program: Program): ReadonlyMap<AnyNode, Body> {
  const bodies = new Map<AnyNode, Body>()
  function visit(node: FunctionNode, _state: unknown, ancestors: readonly Node[]): void {
    if (node.body.type !== 'BlockStatement') return
    const functions = ancestors.filter((one): one is FunctionNode => one !== node && one.type.includes('Function'))
    const isInStart = functions.every((one) => bodies.has(one as AnyNode))
    if (isInStart && (functions.length === 0 || isCalledAtOnce(node, ancestors))) bodies.set(node as AnyNode, node.body)
  }
  // Outer functions come first.
  const nodes: [FunctionNode, readonly Node[]][] = []
  ancestor(program, { Function: (node, _state, ancestors) => void nodes.push([node, [...ancestors]]) })
  for (const [node, ancestors] of nodes.toSorted(([one], [other]) => one.start - other.start))
    visit(node, undefined, ancestors)
  return bodies
}

/**
 * `(function () { … })()`, `(function () { … }).call(this)`, and the factory in `(function (factory) { … })(function () { … })`;
 * lodash names its own.
 */
function isCalledAtOnce(node: FunctionNode, ancestors: readonly Node[]): boolean {
  if (/^runInContext\d*$/.test(node.id?.name ?? '')) return true
  const [parent, grandparent] = ancestors.filter((one) => one !== node).toReversed() as AnyNode[]
  if (parent?.type === 'CallExpression')
    return parent.callee === (node as AnyNode) || parent.callee.type === 'FunctionExpression'
  return parent?.type === 'MemberExpression' && grandparent?.type === 'CallExpression' && grandparent.callee === parent
}

function listFunctions(scope: Scope, changed: ReadonlySet<string>): string[] {
  const variables = scope.variables.filter(({ defs }) =>
    defs.some(({ type, node }) => type !== 'Parameter' && isFunction(node as Declaration)),
  )
  return variables.map(({ name }) => name).filter((name) => !changed.has(name))
}

type Declaration = AnyNode & { readonly init?: AnyNode | null }

/** Whether a variable holds a function, or an object of functions such as a prototype. */
function isFunction(node: Declaration): boolean {
  const value = node.type === 'VariableDeclarator' ? node.init : node
  if (value?.type === 'ObjectExpression')
    return (
      value.properties.length > 0 && value.properties.every((one) => one.type === 'Property' && isFunction(one.value))
    )
  return /^(Arrow)?Function|^Class/.test(value?.type ?? '')
}

/** Finds the names of functions that a module writes to after its start, such as `object.prototype = …` in lodash. */
function findChangedNames(program: Program, startBodies: ReadonlyMap<AnyNode, Body>): ReadonlySet<string> {
  const names = new Set<string>()
  ancestor(program, {
    AssignmentExpression({ left }, _state, ancestors) {
      if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') return
      const functions = ancestors.filter((one) => one.type.includes('Function'))
      if (functions.some((one) => !startBodies.has(one))) names.add(left.object.name)
    },
  })
  return names
}

/** Directives, such as 'use strict', stay first. */
function findFirstStatement({ body, start }: Body): number {
  const first = body.find((statement) => !('directive' in statement))
  return first === undefined ? start + 1 : first.start
}

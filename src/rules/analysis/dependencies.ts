import type { AnyNode, CallExpression, Identifier, Node } from 'acorn'
import { simple } from 'acorn-walk'
import type { Scope } from 'eslint-scope'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import { parseScript } from '../source/parsed-script.ts'

/** What a rule's text needs from its realm. */
export interface RuleDependencies {
  /** The names that it uses and does not declare, each once. */
  readonly freeNames: readonly string[]
  /** The modules that it requires by name. */
  readonly modules: readonly ModuleDependency[]
  /** Where it requires a module whose name is computed. */
  readonly computedRequires: readonly SourceLocation[]
  /** Where it writes to a builtin, such as `String.prototype.x = …`. */
  readonly builtinWrites: readonly SourceLocation[]
  /** Where it writes to a module's exports, such as `axios.defaults.x = …`. */
  readonly moduleWrites: readonly ModuleWrite[]
}

export interface ModuleWrite {
  /** The free name that it writes to, such as `_`; absent if the module was required. */
  readonly name?: string
  readonly location: SourceLocation
}

export interface ModuleDependency {
  /** As it was written: `lodash@4.17.19`. */
  readonly specifier: string
  readonly location: SourceLocation
}

const builtins = new Set(
  (
    'Object Function Array String Number Boolean Symbol BigInt Date RegExp Math JSON Promise Map Set WeakMap ' +
    'WeakSet Proxy Reflect Intl ArrayBuffer DataView Buffer Error TypeError RangeError SyntaxError EvalError ' +
    'URIError ReferenceError AggregateError Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array ' +
    'Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array URL URLSearchParams'
  ).split(' '),
)

/** Methods of `Object` and `Reflect` that change their first argument: `Object.assign(String.prototype, …)`. */
const mutatorNames = new Set(['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf', 'set'])

/** Analyses a rule's expression, which is known to have no syntax error. */
export function findDependencies(expression: string): RuleDependencies {
  const { program, scopes, freeNodes, freeNames, locate: locateNode } = parseScript(expression)
  const moduleReferences = findModuleReferences(scopes)

  const modules: ModuleDependency[] = []
  const computedRequires: SourceLocation[] = []
  const builtinWrites: SourceLocation[] = []
  const moduleWrites: ModuleWrite[] = []

  function addWrite(target: AnyNode, at: Node): void {
    const root = findRoot(target)
    if (root === undefined) return
    const location = locateNode(at)
    if (root.type === 'CallExpression' || moduleReferences.has(root)) moduleWrites.push({ location })
    else if (!freeNodes.has(root)) return
    else if (builtins.has(root.name)) builtinWrites.push(location)
    else moduleWrites.push({ name: root.name, location })
  }

  simple(program, {
    CallExpression(node) {
      if (isRequire(node) && freeNodes.has(node.callee)) {
        const [name] = node.arguments
        if (name?.type === 'Literal' && typeof name.value === 'string') {
          modules.push({ specifier: name.value, location: locateNode(node) })
        } else computedRequires.push(locateNode(node))
        return
      }
      const mutated = getMutatedArgument(node)
      if (mutated !== undefined) addWrite(mutated, node)
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
  return { freeNames, modules, computedRequires, builtinWrites, moduleWrites }
}

/** Finds every reference to a variable that `require` initialises. */
function findModuleReferences(scopes: readonly Scope[]): ReadonlySet<AnyNode> {
  const variables = scopes
    .flatMap((scope) => scope.variables)
    .filter(({ defs }) => defs.some(({ node }) => isRequire((node as { readonly init?: AnyNode | null }).init)))
  const references = variables.flatMap((variable) => variable.references)
  return new Set(references.map(({ identifier }) => identifier as unknown as AnyNode))
}

function isRequire(node: AnyNode | null | undefined): node is CallExpression {
  return node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require'
}

/** Finds the object that `a.b.c` begins with: a name, or a direct `require('x')`. */
function findRoot(target: AnyNode): Identifier | CallExpression | undefined {
  let node = target
  while (node.type === 'MemberExpression') node = node.object
  return node.type === 'Identifier' || isRequire(node) ? node : undefined
}

function getMutatedArgument({ callee, arguments: [first] }: CallExpression): AnyNode | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || first === undefined) return undefined
  if (callee.object.name !== 'Object' && callee.object.name !== 'Reflect') return undefined
  const isMutator = callee.property.type === 'Identifier' && mutatorNames.has(callee.property.name)
  return isMutator ? first : undefined
}

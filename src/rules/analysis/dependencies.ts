import { simple } from 'acorn-walk'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import { parseScript } from '../source/parsed-script.ts'
import { findWrites, isRequire } from './find-writes.ts'

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

/** Analyses a rule's expression, which is known to have no syntax error. */
export function findDependencies(expression: string): RuleDependencies {
  const parsedScript = parseScript(expression)
  const { program, freeNodes, freeNames, locate } = parsedScript
  const modules: ModuleDependency[] = []
  const computedRequires: SourceLocation[] = []
  const builtinWrites: SourceLocation[] = []
  const moduleWrites: ModuleWrite[] = []

  simple(program, {
    CallExpression(node) {
      if (!isRequire(node) || !freeNodes.has(node.callee)) return
      const [name] = node.arguments
      if (name?.type === 'Literal' && typeof name.value === 'string') {
        modules.push({ specifier: name.value, location: locate(node) })
      } else computedRequires.push(locate(node))
    },
  })
  for (const { root, node } of findWrites(parsedScript)) {
    const location = locate(node)
    if (root.type === 'CallExpression') moduleWrites.push({ location })
    else if (builtins.has(root.name)) builtinWrites.push(location)
    else moduleWrites.push({ name: root.name, location })
  }
  return { freeNames, modules, computedRequires, builtinWrites, moduleWrites }
}

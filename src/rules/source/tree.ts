import { type AnyNode, type Identifier, type Node, type Program, parse } from 'acorn'
import { analyze, type Scope, type Variable } from 'eslint-scope'
import { placeOf, type Place } from '../ruleset/refusal.ts'

/** A rule's text, parsed, with what each of its names refers to. */
export interface Tree {
  readonly program: Program
  readonly scopes: readonly Scope[]
  /** The places that name something which the text does not declare. */
  readonly free: ReadonlySet<AnyNode>
  /** Those names, each once. */
  readonly names: readonly string[]
  /** Names that the text assigns to without declaring them: the assignment makes them. */
  readonly assigned: ReadonlySet<string>
  readonly placeOf: (node: Node) => Place
  readonly textOf: (node: Node) => string
  readonly variableOf: (node: AnyNode) => Variable | undefined
  /** What a variable was first given, where nothing is assigned to it later. */
  readonly valueOf: (node: Identifier) => AnyNode | undefined
}

/** Reads a rule's expression, or with `script` a whole script; it has been parsed before and is no syntax error. */
export function treeOf(text: string, form: 'expression' | 'script' = 'expression'): Tree {
  const [opening, closing] = form === 'expression' ? ['(', '\n)'] : ['', '']
  const whole = `${opening}${text}${closing}`
  const program = parse(whole, { ecmaVersion: 'latest', sourceType: 'script', ranges: true })
  const { globalScope, scopes } = analyze(program as never, { ecmaVersion: 2024, sourceType: 'script' })
  const outside = globalScope?.through ?? []
  const resolved = new Map(
    scopes.flatMap(({ references }) =>
      references.map(({ identifier, resolved: variable }) => [identifier as unknown as AnyNode, variable] as const),
    ),
  )
  const variableOf = (node: AnyNode): Variable | undefined => resolved.get(node) ?? undefined
  return {
    program,
    scopes,
    free: new Set(outside.map(({ identifier }) => identifier as unknown as AnyNode)),
    names: [...new Set(outside.map(({ identifier }) => identifier.name))],
    assigned: new Set(outside.filter((one) => one.isWrite()).map(({ identifier }) => identifier.name)),
    placeOf: ({ start }) => placeOf(text, start - opening.length),
    textOf: ({ start, end }) => whole.slice(start, end),
    variableOf,
    valueOf: (node) => initialValue(variableOf(node)),
  }
}

function initialValue(variable: Variable | undefined): AnyNode | undefined {
  const [definition, ...more] = variable?.defs ?? []
  if (definition === undefined || more.length > 0) return undefined
  const { node } = definition as { readonly node: { readonly id?: AnyNode; readonly init?: AnyNode | null } }
  const writes = variable?.references.filter((reference) => reference.isWrite()).length ?? 0
  return node.id?.type === 'Identifier' && writes <= 1 ? (node.init ?? undefined) : undefined
}

import { type AnyNode, type Identifier, type Node, type Program, parse } from 'acorn'
import { analyze, type Scope, type Variable } from 'eslint-scope'
import { toSourceLocation, type SourceLocation } from '../ruleset/rule-errors.ts'

/** A rule's text, parsed, with its scopes and references. */
export interface ParsedScript {
  readonly program: Program
  readonly scopes: readonly Scope[]
  /** The identifiers that refer to nothing the text declares. */
  readonly freeNodes: ReadonlySet<AnyNode>
  /** Those names, each once. */
  readonly freeNames: readonly string[]
  /** Undeclared names that the text assigns to: in a sloppy script, the assignment creates them. */
  readonly assignedNames: ReadonlySet<string>
  readonly locate: (node: Node) => SourceLocation
  readonly getText: (node: Node) => string
  readonly findVariable: (node: AnyNode) => Variable | undefined
  /** The initial value of a variable; undefined if it is assigned to later. */
  readonly resolveValue: (node: Identifier) => AnyNode | undefined
}

/** Parses a rule's expression, or with `script` a whole script. The text is known to have no syntax error. */
export function parseScript(text: string, form: 'expression' | 'script' = 'expression'): ParsedScript {
  const [opening, closing] = form === 'expression' ? ['(', '\n)'] : ['', '']
  const source = `${opening}${text}${closing}`
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'script', ranges: true })
  const { globalScope, scopes } = analyze(program as never, { ecmaVersion: 2024, sourceType: 'script' })
  const unresolvedReferences = globalScope?.through ?? []
  const variablesByNode = new Map(
    scopes.flatMap(({ references }) =>
      references.map(({ identifier, resolved: variable }) => [identifier as unknown as AnyNode, variable] as const),
    ),
  )
  const findVariable = (node: AnyNode): Variable | undefined => variablesByNode.get(node) ?? undefined
  return {
    program,
    scopes,
    freeNodes: new Set(unresolvedReferences.map(({ identifier }) => identifier as unknown as AnyNode)),
    freeNames: [...new Set(unresolvedReferences.map(({ identifier }) => identifier.name))],
    assignedNames: new Set(
      unresolvedReferences.filter((one) => one.isWrite()).map(({ identifier }) => identifier.name),
    ),
    locate: ({ start }) => toSourceLocation(text, start - opening.length),
    getText: ({ start, end }) => source.slice(start, end),
    findVariable,
    resolveValue: (node) => getInitializer(findVariable(node)),
  }
}

function getInitializer(variable: Variable | undefined): AnyNode | undefined {
  const [definition, ...more] = variable?.defs ?? []
  if (definition === undefined || more.length > 0) return undefined
  const { node } = definition as { readonly node: { readonly id?: AnyNode; readonly init?: AnyNode | null } }
  const writes = variable?.references.filter((reference) => reference.isWrite()).length ?? 0
  return node.id?.type === 'Identifier' && writes <= 1 ? (node.init ?? undefined) : undefined
}

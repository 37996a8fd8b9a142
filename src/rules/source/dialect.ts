import { parse, type AnyNode, type Node, type Options, type Program } from 'acorn'
import { simple } from 'acorn-walk'
import { blank } from './blanks.ts'
import { syntaxErrorOf } from '../ruleset/refusal.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { opened } from './wrapped.ts'

/** What an action may export: each handler, and when it is called. */
export const handlers = {
  onExecutePostLogin: 'post-login',
  onContinuePostLogin: 'post-login',
  onExecuteCredentialsExchange: 'credentials-exchange',
} as const

export type Trigger = (typeof handlers)[keyof typeof handlers]

/** An action's text as one expression: a function that is given `module` and `exports`. */
export interface ActionSource {
  readonly expression: string
  readonly triggers: readonly Trigger[]
}

/** A name that an action exports, and where. */
interface Export {
  readonly name: string
  readonly node: Node
}

const options = { ecmaVersion: 'latest', allowHashBang: false } satisfies Partial<Options>
const handlerName = /^on[A-Z]\w*$/

/** Whether a text exports a handler, as far as can be told without parsing it. */
export function looksLikeAction(text: string): boolean {
  return /\bexports?\b/.test(text) && /\bon[A-Z]\w*\b/.test(text)
}

/** The names among a module's exports that are an action's. */
export function exportedHandlers(program: Program): string[] {
  return exportsOf(program).map(({ name }) => name)
}

/**
 * Reads a text as an action; undefined where it is none, and then perhaps a rule.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX where it is one that cannot run here
 */
export function actionSource(rule: RuleFile): ActionSource | undefined {
  const text = rule.script.replace(/^\uFEFF/, '')
  if (!looksLikeAction(text)) return undefined
  const program = asProgram(text, 'script') ?? asProgram(text, 'module')
  const exported = program === undefined ? [] : exportsOf(program)
  const [first] = exported
  if (program === undefined || first === undefined) return undefined
  const triggers = new Set(exported.flatMap(({ name }) => (isHandler(name) ? [handlers[name]] : [])))
  if (triggers.size === 0) {
    const reason = `It exports ${first.name}, which no login calls; an action here exports ${Object.keys(handlers).join(', ')}`
    throw syntaxErrorOf(rule, text, first.node.start, reason)
  }
  refuseModuleCode(rule, program, text)
  return { expression: asFunction(program, text), triggers: [...triggers] }
}

/** What only a module may hold; the action becomes a function. */
function refuseModuleCode(rule: RuleFile, program: Program, text: string): void {
  for (const node of program.body) {
    const isDefault = node.type === 'ExportDefaultDeclaration' || node.type === 'ExportAllDeclaration'
    const isFromElsewhere = node.type === 'ExportNamedDeclaration' && node.source !== null
    if (node.type === 'ImportDeclaration' || isDefault || isFromElsewhere) {
      throw syntaxErrorOf(rule, text, node.start, 'An action exports its handlers by name, and uses require()')
    }
  }
  if (program.sourceType !== 'module') return
  try {
    parse(asFunction(program, text), { ...options, sourceType: 'script' })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw syntaxErrorOf(rule, text, 0, 'At its top level an action cannot await')
  }
}

function asProgram(text: string, sourceType: 'script' | 'module'): Program | undefined {
  try {
    return parse(text, { ...options, sourceType })
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isHandler(name: string): name is keyof typeof handlers {
  return Object.hasOwn(handlers, name)
}

function exportsOf(program: Program): Export[] {
  const found: Export[] = []
  const note = (name: string | undefined, node: Node): void => {
    if (name !== undefined && handlerName.test(name)) found.push({ name, node })
  }
  simple(program, {
    AssignmentExpression(node) {
      const { left, right } = node
      if (left.type !== 'MemberExpression') return
      const property = nameOf(left.property)
      if (isExports(left.object)) note(property, node)
      if (!isModuleExports(left) || right.type !== 'ObjectExpression') return
      for (const member of right.properties) if (member.type === 'Property') note(nameOf(member.key), member)
    },
    ExportNamedDeclaration(node) {
      for (const { exported } of node.specifiers) note(nameOf(exported), node)
      for (const name of declaredNames(node.declaration)) note(name, node)
    },
  })
  return found
}

/** `exports` or `module.exports`. */
function isExports(node: AnyNode): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || isModuleExports(node)
}

function isModuleExports(node: AnyNode): boolean {
  if (node.type !== 'MemberExpression') return false
  return node.object.type === 'Identifier' && node.object.name === 'module' && nameOf(node.property) === 'exports'
}

function nameOf(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function declaredNames(declaration: AnyNode | null | undefined): string[] {
  if (declaration?.type === 'FunctionDeclaration') return declaration.id === null ? [] : [declaration.id.name]
  if (declaration?.type !== 'VariableDeclaration') return []
  return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
}

/** Keeps the text on its lines; `export` is taken away, and what it exported assigned at the end. */
function asFunction(program: Program, text: string): string {
  let code = text
  const assigned: string[] = []
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue
    const { start, end, declaration } = node
    const until = declaration?.start ?? end
    code = code.slice(0, start) + blank(code.slice(start, until)) + code.slice(until)
    for (const { exported, local } of node.specifiers) assigned.push(`exports.${nameOf(exported)}=${nameOf(local)};`)
    for (const name of declaredNames(declaration)) assigned.push(`exports.${name}=${name};`)
  }
  const [first] = program.body
  const start = first?.start ?? 0
  const before = opened(blank(code.slice(0, start)), '(function(module,exports){')
  return `${before}${code.slice(start)}\n${assigned.join('')}})`
}

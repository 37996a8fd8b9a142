import { parse, type AnyNode, type Node, type Options, type Program } from 'acorn'
import { simple } from 'acorn-walk'
import { blankOut } from './blank-out.ts'
import { createShapeErrorAt } from '../ruleset/rule-errors.ts'
import type { RuleFile } from '../folder/rule-file.ts'
import { insertOpening } from './to-expression.ts'

/** The handlers that an action may export, each with its trigger. */
export const handlers = {
  onExecutePostLogin: 'post-login',
  onContinuePostLogin: 'post-login',
  onExecuteCredentialsExchange: 'credentials-exchange',
} as const

export type Trigger = (typeof handlers)[keyof typeof handlers]

/** An action's text as one expression: a function of `module` and `exports`. */
export interface ParsedAction {
  readonly expression: string
  readonly triggers: readonly Trigger[]
}

/** An exported name and its node. */
interface HandlerExport {
  readonly name: string
  readonly node: Node
}

const options = { ecmaVersion: 'latest', allowHashBang: false } satisfies Partial<Options>
const handlerName = /^on[A-Z]\w*$/

/** Whether a text may export a handler. A quick test without parsing: it may be wrong for a rule, never for an action. */
export function isLikelyAction(text: string): boolean {
  return /\bexports?\b/.test(text) && /\bon[A-Z]\w*\b/.test(text)
}

/** Lists a program's exports that look like handlers: `on…`. */
export function listExportedHandlers(program: Program): string[] {
  return findHandlerExports(program).map(({ name }) => name)
}

/**
 * Parses a text as an action. Returns undefined if it is not an action; it may be a rule then.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if it is an action that cannot run here
 */
export function parseAction(rule: RuleFile): ParsedAction | undefined {
  const text = rule.script.replace(/^\uFEFF/, '')
  if (!isLikelyAction(text)) return undefined
  const program = tryParse(text, 'script') ?? tryParse(text, 'module')
  const handlerExports = program === undefined ? [] : findHandlerExports(program)
  const [first] = handlerExports
  if (program === undefined || first === undefined) return undefined
  const triggers = new Set(handlerExports.flatMap(({ name }) => (isHandler(name) ? [handlers[name]] : [])))
  if (triggers.size === 0) {
    const reason = `It exports ${first.name}, which no login calls; an action here exports ${Object.keys(handlers).join(', ')}`
    throw createShapeErrorAt(rule, text, first.node.start, reason)
  }
  assertNoModuleCode(rule, program, text)
  return { expression: toFunctionExpression(program, text), triggers: [...triggers] }
}

/** An action becomes a function, so it may not import, re-export, or await at its top level. */
function assertNoModuleCode(rule: RuleFile, program: Program, text: string): void {
  for (const node of program.body) {
    const isDefault = node.type === 'ExportDefaultDeclaration' || node.type === 'ExportAllDeclaration'
    const isReExport = node.type === 'ExportNamedDeclaration' && node.source !== null
    if (node.type === 'ImportDeclaration' || isDefault || isReExport) {
      throw createShapeErrorAt(rule, text, node.start, 'An action exports its handlers by name, and uses require()')
    }
  }
  if (program.sourceType !== 'module') return
  try {
    parse(toFunctionExpression(program, text), { ...options, sourceType: 'script' })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw createShapeErrorAt(rule, text, 0, 'At its top level an action cannot await')
  }
}

function tryParse(text: string, sourceType: 'script' | 'module'): Program | undefined {
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

function findHandlerExports(program: Program): HandlerExport[] {
  const handlerExports: HandlerExport[] = []
  const note = (name: string | undefined, node: Node): void => {
    if (name !== undefined && handlerName.test(name)) handlerExports.push({ name, node })
  }
  simple(program, {
    AssignmentExpression(node) {
      const { left, right } = node
      if (left.type !== 'MemberExpression') return
      const property = getPropertyName(left.property)
      if (isExports(left.object)) note(property, node)
      if (!isModuleExports(left) || right.type !== 'ObjectExpression') return
      for (const member of right.properties) if (member.type === 'Property') note(getPropertyName(member.key), member)
    },
    ExportNamedDeclaration(node) {
      for (const { exported } of node.specifiers) note(getPropertyName(exported), node)
      for (const name of listDeclaredNames(node.declaration)) note(name, node)
    },
  })
  return handlerExports
}

/** `exports` or `module.exports`. */
function isExports(node: AnyNode): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || isModuleExports(node)
}

function isModuleExports(node: AnyNode): boolean {
  if (node.type !== 'MemberExpression') return false
  return (
    node.object.type === 'Identifier' && node.object.name === 'module' && getPropertyName(node.property) === 'exports'
  )
}

function getPropertyName(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function listDeclaredNames(declaration: AnyNode | null | undefined): string[] {
  if (declaration?.type === 'FunctionDeclaration') return declaration.id === null ? [] : [declaration.id.name]
  if (declaration?.type !== 'VariableDeclaration') return []
  return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
}

/** Wraps the text into a function and keeps its lines. `export` becomes blanks, and an assignment to `exports` at the end. */
function toFunctionExpression(program: Program, text: string): string {
  let code = text
  const assignments: string[] = []
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration') continue
    const { start, end, declaration } = node
    const until = declaration?.start ?? end
    code = code.slice(0, start) + blankOut(code.slice(start, until)) + code.slice(until)
    for (const { exported, local } of node.specifiers)
      assignments.push(`exports.${getPropertyName(exported)}=${getPropertyName(local)};`)
    for (const name of listDeclaredNames(declaration)) assignments.push(`exports.${name}=${name};`)
  }
  const [first] = program.body
  const start = first?.start ?? 0
  const before = insertOpening(blankOut(code.slice(0, start)), '(function(module,exports){')
  return `${before}${code.slice(start)}\n${assignments.join('')}})`
}

import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import type { ParsedScript } from '../source/parsed-script.ts'
import { findMemberUses } from './member-uses.ts'

/** A value that a rule reads from `configuration`, or an action from `event.secrets`. */
export interface ConfigurationKey {
  readonly key: string
  /** Its first read. */
  readonly location: SourceLocation
  /** Whether the text handles its absence: `configuration.X || 'default'`, `if (!configuration.X)`. */
  readonly isOptional: boolean
}

/** Finds the keys that a script reads, each once, in the order of the text. */
export function findConfigurationKeys(
  parsedScript: ParsedScript,
  dialect: 'rule' | 'action',
): readonly ConfigurationKey[] {
  const guardedNodes = findGuardedNodes(parsedScript)
  const keys = new Map<string, ConfigurationKey>()
  for (const { name, node, isWrite } of findMemberUses(parsedScript, (object) =>
    isConfiguration(parsedScript, dialect, object),
  )) {
    if (name === undefined || isWrite) continue
    const previous = keys.get(name)
    const isOptional = previous?.isOptional === true || guardedNodes.has(node as AnyNode)
    keys.set(name, { key: name, location: previous?.location ?? parsedScript.locate(node), isOptional })
  }
  return [...keys.values()]
}

function isConfiguration(parsedScript: ParsedScript, dialect: 'rule' | 'action', node: AnyNode): boolean {
  if (dialect === 'rule')
    return node.type === 'Identifier' && node.name === 'configuration' && parsedScript.freeNodes.has(node)
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false
  return node.object.name === 'event' && 'name' in node.property && node.property.name === 'secrets'
}

/** Finds expressions that are tested for presence, or that have a fallback. */
function findGuardedNodes(parsedScript: ParsedScript): ReadonlySet<AnyNode> {
  const guardedNodes = new Set<AnyNode>()
  const addGuarded = (node: AnyNode): void => {
    if (node.type === 'UnaryExpression' && node.operator === '!') addGuarded(node.argument)
    else if (node.type === 'LogicalExpression') {
      addGuarded(node.left)
      addGuarded(node.right)
    } else if (node.type === 'ChainExpression') guardedNodes.add(node.expression)
    else guardedNodes.add(node)
  }
  full(parsedScript.program, (one) => {
    if (one.type === 'IfStatement' || one.type === 'ConditionalExpression') addGuarded(one.test)
    else if (one.type === 'LogicalExpression' && one.operator !== '&&') addGuarded(one.left)
    else if (one.type === 'LogicalExpression') addGuarded(one.left)
    else if (one.type === 'UnaryExpression' && one.operator === 'typeof') guardedNodes.add(one.argument)
  })
  return guardedNodes
}

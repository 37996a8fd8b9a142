import type { AnyNode } from 'acorn'
import { full } from 'acorn-walk'
import type { Place } from '../ruleset/refusal.ts'
import type { Tree } from '../source/tree.ts'
import { membersOf } from './members.ts'

/** A value that a rule reads from `configuration`, or an action from `event.secrets`. */
export interface ConfigurationKey {
  readonly key: string
  /** Where it is read first. */
  readonly place: Place
  /** Whether the text does something about its absence: `configuration.X || 'default'`, `if (!configuration.X)`. */
  readonly optional: boolean
}

/** The keys that a script reads, each once, in the order of the text. */
export function configurationKeysOf(tree: Tree, dialect: 'rule' | 'action'): readonly ConfigurationKey[] {
  const guarded = guardedNodes(tree)
  const keys = new Map<string, ConfigurationKey>()
  for (const { name, node, written } of membersOf(tree, (object) => isConfiguration(tree, dialect, object))) {
    if (name === undefined || written) continue
    const known = keys.get(name)
    const optional = known?.optional === true || guarded.has(node as AnyNode)
    keys.set(name, { key: name, place: known?.place ?? tree.placeOf(node), optional })
  }
  return [...keys.values()]
}

function isConfiguration(tree: Tree, dialect: 'rule' | 'action', node: AnyNode): boolean {
  if (dialect === 'rule') return node.type === 'Identifier' && node.name === 'configuration' && tree.free.has(node)
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false
  return node.object.name === 'event' && 'name' in node.property && node.property.name === 'secrets'
}

/** What is tested for being there, or has something to fall back on. */
function guardedNodes(tree: Tree): ReadonlySet<AnyNode> {
  const guarded = new Set<AnyNode>()
  const note = (node: AnyNode): void => {
    if (node.type === 'UnaryExpression' && node.operator === '!') note(node.argument)
    else if (node.type === 'LogicalExpression') {
      note(node.left)
      note(node.right)
    } else if (node.type === 'ChainExpression') guarded.add(node.expression)
    else guarded.add(node)
  }
  full(tree.program, (one) => {
    if (one.type === 'IfStatement' || one.type === 'ConditionalExpression') note(one.test)
    else if (one.type === 'LogicalExpression' && one.operator !== '&&') note(one.left)
    else if (one.type === 'LogicalExpression') note(one.left)
    else if (one.type === 'UnaryExpression' && one.operator === 'typeof') guarded.add(one.argument)
  })
  return guarded
}

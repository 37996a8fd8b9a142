import type { AnyNode, CallExpression } from 'acorn'
import { simple } from 'acorn-walk'
import type { Place } from '../ruleset/refusal.ts'
import type { Tree } from '../source/tree.ts'
import { membersOf } from './members.ts'
import { textOrCode } from './shown-text.ts'

/** A claim that a script sets. */
export interface ClaimWrite {
  readonly token: 'idToken' | 'accessToken'
  /** As far as the text shows it. */
  readonly name: string
  readonly place: Place
}

const tokens = ['idToken', 'accessToken'] as const

/** The claims that a rule puts on `context.idToken` and `context.accessToken`, or an action through `setCustomClaim`. */
export function claimsOf(tree: Tree): readonly ClaimWrite[] {
  const written = tokens.flatMap((token) =>
    membersOf(tree, (node) => isMemberOf(node, 'context', token))
      .filter((use) => use.written)
      .map(({ name, node }): ClaimWrite => {
        const { property } = node as unknown as { readonly property: AnyNode }
        return { token, name: name ?? textOrCode(tree, property), place: tree.placeOf(node) }
      }),
  )
  const wholes: ClaimWrite[] = []
  simple(tree.program, {
    AssignmentExpression({ left, right }) {
      const token = tokens.find((name) => isMemberOf(left, 'context', name))
      if (token === undefined || right.type !== 'ObjectExpression') return
      for (const property of right.properties) {
        if (property.type !== 'Property') continue
        const { key, computed } = property
        const isName = key.type === 'Identifier' && !computed
        wholes.push({ token, name: isName ? key.name : textOrCode(tree, key), place: tree.placeOf(property) })
      }
    },
    CallExpression(node) {
      const token = tokens.find((name) => setsClaim(node, name))
      const [name] = node.arguments
      if (token !== undefined && name !== undefined) {
        wholes.push({ token, name: textOrCode(tree, name), place: tree.placeOf(node) })
      }
    },
  })
  return [...written, ...wholes]
}

function setsClaim({ callee }: CallExpression, token: string): boolean {
  if (callee.type !== 'MemberExpression' || !isMemberOf(callee.object, 'api', token)) return false
  return 'name' in callee.property && callee.property.name === 'setCustomClaim'
}

function isMemberOf(node: AnyNode, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false
  return node.object.name === object && 'name' in node.property && node.property.name === property
}

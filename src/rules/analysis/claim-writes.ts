import type { AnyNode, CallExpression } from 'acorn'
import { simple } from 'acorn-walk'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import type { ParsedScript } from '../source/parsed-script.ts'
import { findMemberUses } from './member-uses.ts'
import { resolveTextOrCode } from './resolve-text.ts'

/** A claim that a script sets. */
export interface ClaimWrite {
  readonly token: 'idToken' | 'accessToken'
  /** As far as the text shows it; `${…}` replaces the rest. */
  readonly name: string
  readonly location: SourceLocation
}

const tokens = ['idToken', 'accessToken'] as const

/** Finds the claims that a rule sets on `context.idToken` and `context.accessToken`, or an action with `setCustomClaim`. */
export function findClaimWrites(parsedScript: ParsedScript): readonly ClaimWrite[] {
  const memberWrites = tokens.flatMap((token) =>
    findMemberUses(parsedScript, (node) => isMember(node, 'context', token))
      .filter((use) => use.isWrite)
      .map(({ name, node }): ClaimWrite => {
        const { property } = node as unknown as { readonly property: AnyNode }
        return { token, name: name ?? resolveTextOrCode(parsedScript, property), location: parsedScript.locate(node) }
      }),
  )
  const directWrites: ClaimWrite[] = []
  simple(parsedScript.program, {
    AssignmentExpression({ left, right }) {
      const token = tokens.find((name) => isMember(left, 'context', name))
      if (token === undefined || right.type !== 'ObjectExpression') return
      for (const property of right.properties) {
        if (property.type !== 'Property') continue
        const { key, computed } = property
        const isName = key.type === 'Identifier' && !computed
        directWrites.push({
          token,
          name: isName ? key.name : resolveTextOrCode(parsedScript, key),
          location: parsedScript.locate(property),
        })
      }
    },
    CallExpression(node) {
      const token = tokens.find((name) => isClaimSetter(node, name))
      const [name] = node.arguments
      if (token !== undefined && name !== undefined) {
        directWrites.push({ token, name: resolveTextOrCode(parsedScript, name), location: parsedScript.locate(node) })
      }
    },
  })
  return [...memberWrites, ...directWrites]
}

function isClaimSetter({ callee }: CallExpression, token: string): boolean {
  if (callee.type !== 'MemberExpression' || !isMember(callee.object, 'api', token)) return false
  return 'name' in callee.property && callee.property.name === 'setCustomClaim'
}

function isMember(node: AnyNode, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false
  return node.object.name === object && 'name' in node.property && node.property.name === property
}

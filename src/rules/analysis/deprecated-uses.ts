import type { AnyNode, CallExpression, Node } from 'acorn'
import { full } from 'acorn-walk'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import type { ParsedScript } from '../source/parsed-script.ts'

/** A use of something that still works and is deprecated. */
export interface DeprecatedUse {
  readonly what: string
  readonly cure: string
  readonly location: SourceLocation
}

const deprecatedModules: ReadonlyArray<readonly [form: RegExp, what: string, cure: string]> = [
  [/^request(-promise(-native|-any)?)?(@|$)/, 'request is no longer maintained', 'use fetch, which is there'],
  [/^auth0@[12]\./, 'this version of the auth0 SDK is no longer maintained', 'install a newer one'],
]

const deprecatedCalls: Readonly<Record<string, string>> = {
  'url.parse': 'use new URL(text)',
  'crypto.createCipher': 'use crypto.createCipheriv',
  'crypto.createDecipher': 'use crypto.createDecipheriv',
  escape: 'use encodeURIComponent',
  unescape: 'use decodeURIComponent',
}

/** Finds deprecated modules, calls and options in a script, each with its replacement. */
export function findDeprecatedUses(parsedScript: ParsedScript): readonly DeprecatedUse[] {
  const uses: DeprecatedUse[] = []
  const addUse = (node: Node, what: string, cure: string): void => {
    uses.push({ what, cure, location: parsedScript.locate(node) })
  }
  full(parsedScript.program, (one) => {
    if ((one.type === 'NewExpression' || one.type === 'CallExpression') && isFree(parsedScript, one.callee, 'Buffer')) {
      addUse(one, 'new Buffer() is deprecated', 'use Buffer.from(…), or Buffer.alloc(size)')
    }
    if (one.type === 'CallExpression') checkCall(parsedScript, one, addUse)
    if (one.type === 'MemberExpression') {
      const name = toDottedName(one)
      if (name === 'process.version' || name === 'process.versions' || name === 'process.hrtime') {
        addUse(one, `${name} tells of the Node.js that runs claimsmith`, 'do not decide by it')
      }
      if (name === 'context.jwtConfiguration')
        addUse(one, `${name} is Auth0's legacy pipeline`, 'set lifetimes in the issuer')
    }
    if (one.type === 'Property' && 'name' in one.key && /^expiresIn(Minutes|Seconds)$/.test(one.key.name)) {
      addUse(one, `${one.key.name} is deprecated in jsonwebtoken`, "use expiresIn: '5m'")
    }
  })
  const request = [...parsedScript.freeNodes].find((node) => node.type === 'Identifier' && node.name === 'request')
  if (request !== undefined) addUse(request, 'request is no longer maintained', 'use fetch, which is there')
  return uses
}

function checkCall(
  parsedScript: ParsedScript,
  node: CallExpression,
  addUse: (node: Node, what: string, cure: string) => void,
): void {
  const [first] = node.arguments
  const name = toDottedName(node.callee)
  if (isFree(parsedScript, node.callee, 'require') && first?.type === 'Literal' && typeof first.value === 'string') {
    const specifier = first.value
    for (const [form, what, cure] of deprecatedModules) if (form.test(specifier)) addUse(node, what, cure)
  }
  if (name !== undefined && /^auth0\.users\.update(User|App)Metadata$/.test(name) && node.arguments.length > 2) {
    addUse(node, `the callback of ${name} is its older form`, 'use its promise')
  }
  if (name !== undefined && Object.hasOwn(deprecatedCalls, name))
    addUse(node, `${name}() is deprecated`, deprecatedCalls[name] ?? '')
}

function isFree(parsedScript: ParsedScript, node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && parsedScript.freeNodes.has(node)
}

/** Returns `a.b.c` as text. */
function toDottedName(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression' || node.computed || !('name' in node.property)) return undefined
  const object = toDottedName(node.object)
  return object === undefined ? undefined : `${object}.${node.property.name}`
}

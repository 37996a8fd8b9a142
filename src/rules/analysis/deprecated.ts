import type { AnyNode, CallExpression, Node } from 'acorn'
import { full } from 'acorn-walk'
import type { Place } from '../ruleset/refusal.ts'
import type { Tree } from '../source/tree.ts'

/** Something that works, and that has been given up. */
export interface Deprecated {
  readonly what: string
  readonly cure: string
  readonly place: Place
}

const modules: ReadonlyArray<readonly [form: RegExp, what: string, cure: string]> = [
  [/^request(-promise(-native|-any)?)?(@|$)/, 'request is no longer maintained', 'use fetch, which is there'],
  [/^auth0@[12]\./, 'this version of the auth0 SDK is no longer maintained', 'install a newer one'],
]

const calls: Readonly<Record<string, string>> = {
  'url.parse': 'use new URL(text)',
  'crypto.createCipher': 'use crypto.createCipheriv',
  'crypto.createDecipher': 'use crypto.createDecipheriv',
  escape: 'use encodeURIComponent',
  unescape: 'use decodeURIComponent',
}

/** What a script uses that has been given up, with what to use instead. */
export function deprecatedOf(tree: Tree): readonly Deprecated[] {
  const found: Deprecated[] = []
  const note = (node: Node, what: string, cure: string): void => {
    found.push({ what, cure, place: tree.placeOf(node) })
  }
  full(tree.program, (one) => {
    if ((one.type === 'NewExpression' || one.type === 'CallExpression') && isFree(tree, one.callee, 'Buffer')) {
      note(one, 'new Buffer() is deprecated', 'use Buffer.from(…), or Buffer.alloc(size)')
    }
    if (one.type === 'CallExpression') noteCall(tree, one, note)
    if (one.type === 'MemberExpression') {
      const name = dotted(one)
      if (name === 'process.version' || name === 'process.versions' || name === 'process.hrtime') {
        note(one, `${name} tells of the Node.js that runs claimsmith`, 'do not decide by it')
      }
      if (name === 'context.jwtConfiguration')
        note(one, `${name} is Auth0's legacy pipeline`, 'set lifetimes in the issuer')
    }
    if (one.type === 'Property' && 'name' in one.key && /^expiresIn(Minutes|Seconds)$/.test(one.key.name)) {
      note(one, `${one.key.name} is deprecated in jsonwebtoken`, "use expiresIn: '5m'")
    }
  })
  const request = [...tree.free].find((node) => node.type === 'Identifier' && node.name === 'request')
  if (request !== undefined) note(request, 'request is no longer maintained', 'use fetch, which is there')
  return found
}

function noteCall(tree: Tree, node: CallExpression, note: (node: Node, what: string, cure: string) => void): void {
  const [first] = node.arguments
  const name = dotted(node.callee)
  if (isFree(tree, node.callee, 'require') && first?.type === 'Literal' && typeof first.value === 'string') {
    const specifier = first.value
    for (const [form, what, cure] of modules) if (form.test(specifier)) note(node, what, cure)
  }
  if (name !== undefined && /^auth0\.users\.update(User|App)Metadata$/.test(name) && node.arguments.length > 2) {
    note(node, `the callback of ${name} is its older form`, 'use its promise')
  }
  if (name !== undefined && Object.hasOwn(calls, name)) note(node, `${name}() is deprecated`, calls[name] ?? '')
}

function isFree(tree: Tree, node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name && tree.free.has(node)
}

/** `a.b.c` as text. */
function dotted(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression' || node.computed || !('name' in node.property)) return undefined
  const object = dotted(node.object)
  return object === undefined ? undefined : `${object}.${node.property.name}`
}

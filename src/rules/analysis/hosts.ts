import type { AnyNode, CallExpression, NewExpression } from 'acorn'
import { simple } from 'acorn-walk'
import type { Tree } from '../source/tree.ts'
import { shownText, textOrCode } from './shown-text.ts'

/** Packages whose functions call out, by the names they are required with. */
const clients =
  /^(?:node:)?(?:request|request-promise(?:-native|-any)?|postman-request|axios|node-fetch|cross-fetch|isomorphic-fetch|got|superagent|needle|bent|phin|undici|https?|slack-notify)(?:@|\/|$)/

/** Names that call out without being required. */
const globalClients = new Set(['fetch', 'request'])

/** Properties that hold where a call goes: a URL, or a host alone. */
const urlNames = new Set(['url', 'uri', 'baseURL', 'baseUrl', 'webhookUrl'])
const hostNames = new Set(['host', 'hostname'])

/** The hosts that a rule calls over HTTP, as far as its text shows them, each once; `${…}` stands for what it does not. */
export function hostsOf(tree: Tree): readonly string[] {
  const hosts = new Set<string>()
  const note = (node: CallExpression | NewExpression): void => {
    if (!callsOut(tree, node.callee)) return
    for (const argument of node.arguments) for (const host of hostsIn(tree, argument, 4)) hosts.add(host)
  }
  simple(tree.program, { CallExpression: note, NewExpression: note })
  return [...hosts]
}

function callsOut(tree: Tree, callee: AnyNode): boolean {
  let node = callee
  while (node.type === 'MemberExpression') node = node.object
  if (isRequireOfClient(node)) return true
  if (node.type === 'CallExpression' && node.callee.type !== 'Super') return callsOut(tree, node.callee)
  if (node.type !== 'Identifier') return false
  if (tree.free.has(node)) return globalClients.has(node.name)
  const { init } = (tree.variableOf(node)?.defs[0]?.node ?? {}) as { readonly init?: AnyNode | null }
  return init !== undefined && init !== null && cameFromClient(tree, init)
}

/** `require('axios')`, `require('axios').default`, `request.defaults({…})`. */
function cameFromClient(tree: Tree, init: AnyNode): boolean {
  let node = init
  while (node.type === 'MemberExpression') node = node.object
  if (isRequireOfClient(node)) return true
  return node.type === 'CallExpression' && node.callee.type !== 'Super' && callsOut(tree, node.callee)
}

function isRequireOfClient(node: AnyNode): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return false
  const [name] = node.arguments
  return name?.type === 'Literal' && typeof name.value === 'string' && clients.test(name.value)
}

function hostsIn(tree: Tree, node: AnyNode, steps: number): readonly string[] {
  if (steps === 0) return []
  const again = (part: AnyNode): readonly string[] => hostsIn(tree, part, steps - 1)
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.flatMap((property) => {
        if (property.type !== 'Property' || property.computed) return []
        const name = 'name' in property.key ? property.key.name : String((property.key as { value?: unknown }).value)
        if (hostNames.has(name)) return [textOrCode(tree, property.value)]
        return urlNames.has(name) ? urlHosts(tree, property.value) : []
      })
    case 'Identifier': {
      const value = tree.valueOf(node)
      return value === undefined ? [] : again(value)
    }
    case 'ConditionalExpression':
      return [...again(node.consequent), ...again(node.alternate)]
    case 'NewExpression':
      return node.arguments.flatMap(again)
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return urlHosts(tree, node)
    default:
      return []
  }
}

function urlHosts(tree: Tree, node: AnyNode): readonly string[] {
  const value = node.type === 'Identifier' ? tree.valueOf(node) : undefined
  if (value?.type === 'ObjectExpression' || value?.type === 'ConditionalExpression') return hostsIn(tree, value, 3)
  const text = shownText(tree, node) ?? textOrCode(tree, node)
  const host = /^https?:\/\/((?:\$\{[^}]*\}|[^/?#])+)/.exec(text)?.[1] ?? /^\$\{[^}]*\}(?=[/?#]|$)/.exec(text)?.[0]
  return host === undefined ? [] : [host.replace(/^[^@]*@/, '')]
}

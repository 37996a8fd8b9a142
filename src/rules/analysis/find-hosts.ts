import type { AnyNode, CallExpression, NewExpression } from 'acorn'
import { simple } from 'acorn-walk'
import type { SourceLocation } from '../ruleset/rule-errors.ts'
import type { ParsedScript } from '../source/parsed-script.ts'
import { resolveText, resolveTextOrCode } from './resolve-text.ts'

/** Packages whose functions send requests, or connect to a database. */
const clientModules =
  /^(?:node:)?(?:request|request-promise(?:-native|-any)?|postman-request|axios|node-fetch|cross-fetch|isomorphic-fetch|got|superagent|needle|bent|phin|undici|https?|slack-notify|pg|mysql2?|mariadb|mongodb|redis|ioredis|mssql|tedious)(?:@|\/|$)/

/** Globals that send requests. */
const globalClients = new Set(['fetch', 'request'])

/** Properties of request options that hold a URL. */
const urlNames = new Set(['url', 'uri', 'baseURL', 'baseUrl', 'webhookUrl', 'connectionString'])
/** Properties of request options that hold a host alone. */
const hostNames = new Set(['host', 'hostname', 'server'])

/** A host that a rule calls. `${…}` replaces what the text does not show. */
export interface HostUse {
  readonly host: string
  /** Its first call. */
  readonly location: SourceLocation
}

/** Finds the hosts that a rule calls, each once. */
export function findHosts(parsedScript: ParsedScript): readonly HostUse[] {
  const hosts = new Map<string, HostUse>()
  const addHosts = (node: CallExpression | NewExpression): void => {
    if (!isOutboundCall(parsedScript, node.callee)) return
    for (const [index, argument] of node.arguments.entries()) {
      // A member as the first argument is a URL; later ones are data.
      const isMember = index === 0 && argument.type === 'MemberExpression'
      for (const host of isMember ? listUrlHosts(parsedScript, argument) : collectHosts(parsedScript, argument, 4)) {
        if (!hosts.has(host)) hosts.set(host, { host, location: parsedScript.locate(node) })
      }
    }
  }
  simple(parsedScript.program, { CallExpression: addHosts, NewExpression: addHosts })
  return [...hosts.values()]
}

function isOutboundCall(parsedScript: ParsedScript, callee: AnyNode): boolean {
  let node = callee
  while (node.type === 'MemberExpression') node = node.object
  if (isRequireOfClient(node)) return true
  if (node.type === 'CallExpression' && node.callee.type !== 'Super') return isOutboundCall(parsedScript, node.callee)
  if (node.type !== 'Identifier') return false
  if (parsedScript.freeNodes.has(node)) return globalClients.has(node.name)
  const { init } = (parsedScript.findVariable(node)?.defs[0]?.node ?? {}) as { readonly init?: AnyNode | null }
  return init !== undefined && init !== null && isFromClient(parsedScript, init)
}

/** `require('axios')`, `require('axios').default`, `request.defaults({…})`. */
function isFromClient(parsedScript: ParsedScript, init: AnyNode): boolean {
  let node = init
  while (node.type === 'MemberExpression') node = node.object
  if (isRequireOfClient(node)) return true
  return node.type === 'CallExpression' && node.callee.type !== 'Super' && isOutboundCall(parsedScript, node.callee)
}

function isRequireOfClient(node: AnyNode): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return false
  const [name] = node.arguments
  return name?.type === 'Literal' && typeof name.value === 'string' && clientModules.test(name.value)
}

function collectHosts(parsedScript: ParsedScript, node: AnyNode, steps: number): readonly string[] {
  if (steps === 0) return []
  const recurse = (part: AnyNode): readonly string[] => collectHosts(parsedScript, part, steps - 1)
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.flatMap((property) => {
        if (property.type !== 'Property' || property.computed) return []
        const name = 'name' in property.key ? property.key.name : String((property.key as { value?: unknown }).value)
        if (hostNames.has(name)) return [resolveTextOrCode(parsedScript, property.value)]
        return urlNames.has(name) ? listUrlHosts(parsedScript, property.value) : []
      })
    case 'Identifier': {
      const value = parsedScript.resolveValue(node)
      return value === undefined ? [] : recurse(value)
    }
    case 'ConditionalExpression':
      return [...recurse(node.consequent), ...recurse(node.alternate)]
    case 'NewExpression':
      return node.arguments.flatMap(recurse)
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
      return listUrlHosts(parsedScript, node)
    default:
      return []
  }
}

function listUrlHosts(parsedScript: ParsedScript, node: AnyNode): readonly string[] {
  const value = node.type === 'Identifier' ? parsedScript.resolveValue(node) : undefined
  if (value?.type === 'ObjectExpression' || value?.type === 'ConditionalExpression')
    return collectHosts(parsedScript, value, 3)
  const text = resolveText(parsedScript, node) ?? resolveTextOrCode(parsedScript, node)
  const host =
    /^(?:https?|wss?|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|mssql):\/\/((?:\$\{[^}]*\}|[^/?#])+)/.exec(
      text,
    )?.[1] ?? /^\$\{[^}]*\}(?=[/?#]|$)/.exec(text)?.[0]
  return host === undefined ? [] : [host.replace(/^[^@]*@/, '')]
}

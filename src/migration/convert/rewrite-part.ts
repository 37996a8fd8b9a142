import type { AnyNode, ObjectExpression, Property } from 'acorn'
import type { MagicString } from 'magic-string'
import { samlMembers } from '../../sandbox/wire/saml-members.ts'
import { isNamed, getMemberPath } from './rule-shape.ts'
import type { RewriteSite } from './rewrite-site.ts'

const samlMethods = new Map(Object.entries(samlMembers).map(([method, member]) => [member, method]))

/** Rewrites a write to `context.redirect` and similar parts. Returns undefined if an action has no counterpart. */
export function rewritePart(path: readonly string[], right: AnyNode, site: RewriteSite): string | undefined {
  const [part, member, ...more] = path
  const { text } = site
  if (part === 'samlConfiguration' && member !== undefined && more.length === 0)
    return rewriteSamlMember(member, right, site)
  if (part === undefined || member !== undefined) return undefined
  if (part === 'redirect') return rewriteRedirect(right, text)
  if (part === 'multifactor') return rewriteMultifactor(right, text)
  if (!['idToken', 'accessToken', 'samlConfiguration'].includes(part)) return undefined
  // `context.idToken = context.idToken || {}` only ensures that it exists.
  const isDefaulting =
    right.type === 'LogicalExpression' && getMemberPath(right.left)?.join('.') === `${site.ruleShape.context}.${part}`
  if (isDefaulting) return 'undefined'
  if (right.type !== 'ObjectExpression' || (part === 'samlConfiguration' && right.properties.length > 0))
    return undefined
  return joinCalls(right.properties, (property) => {
    return `api.${part}.setCustomClaim(${formatKey(property, text)}, ${getCode(property.value, text)})`
  })
}

function rewriteSamlMember(member: string, right: AnyNode, { ruleShape, text }: RewriteSite): string | undefined {
  const method = samlMethods.get(member)
  if (method !== undefined) return `api.samlResponse.${method}(${getCode(right, text)})`
  if (member !== 'mappings' || right.type !== 'ObjectExpression') return undefined
  return joinCalls(right.properties, (property) => {
    const { value } = property
    if (value.type !== 'Literal' || typeof value.value !== 'string') return undefined
    const [first = '', ...rest] = value.value.split('.')
    const path = rest.reduce((code, name) => `${code}?.${name}`, `${ruleShape.user}.${first}`)
    return `api.samlResponse.setAttribute(${formatKey(property, text)}, ${path})`
  })
}

/** Joins calls into one expression. */
function joinCalls(
  properties: ObjectExpression['properties'],
  toCall: (property: Property) => string | undefined,
): string | undefined {
  const calls = properties.map((property) =>
    property.type === 'Property' && property.kind === 'init' ? toCall(property) : undefined,
  )
  if (calls.includes(undefined)) return undefined
  return calls.length === 0 ? 'undefined' : calls.join(', ')
}

function rewriteRedirect(right: AnyNode, text: MagicString): string {
  const url = findProperty(right, 'url')
  return `api.redirect.sendUserTo(${url === undefined ? `${getCode(right, text)}.url` : getCode(url, text)})`
}

/** `allowRememberBrowser` is true by default in a rule, and false in an action. */
function rewriteMultifactor(right: AnyNode, text: MagicString): string | undefined {
  if (right.type !== 'ObjectExpression') return undefined
  const properties = right.properties.flatMap((one) => (one.type === 'Property' && !one.computed ? [one] : []))
  if (properties.length < right.properties.length) return undefined
  const provider = findProperty(right, 'provider')
  const remember = findProperty(right, 'allowRememberBrowser')
  const others = properties.filter(({ key }) => !isNamed(key, 'provider') && !isNamed(key, 'allowRememberBrowser'))
  const options = [
    `allowRememberBrowser: ${remember === undefined ? 'true' : getCode(remember, text)}`,
    ...(others.length === 0 ? [] : [`providerOptions: { ${others.map((one) => getCode(one, text)).join(', ')} }`]),
  ]
  return `api.multifactor.enable(${provider === undefined ? "'any'" : getCode(provider, text)}, { ${options.join(', ')} })`
}

function findProperty(node: AnyNode, propertyName: string): AnyNode | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const property = node.properties.find((one) => one.type === 'Property' && isNamed(one.key, propertyName))
  return property?.type === 'Property' ? property.value : undefined
}

function formatKey({ key, computed }: Property, text: MagicString): string {
  return computed || key.type === 'Literal' ? getCode(key, text) : `'${getCode(key, text)}'`
}

function getCode({ start, end }: AnyNode, text: MagicString): string {
  return text.slice(start, end)
}

import type { AnyNode, ObjectExpression, Property } from 'acorn'
import type { MagicString } from 'magic-string'
import { samlMembers } from '../../sandbox/wire/saml-members.ts'
import { isNamed, pathOf } from './shape.ts'
import type { Site } from './site.ts'

const samlMethods = new Map(Object.entries(samlMembers).map(([method, member]) => [member, method]))

/** What a write to `context.redirect` and its like comes to; undefined where an action has nothing of the kind. */
export function wholePart(path: readonly string[], right: AnyNode, site: Site): string | undefined {
  const [part, member, ...more] = path
  const { text } = site
  if (part === 'samlConfiguration' && member !== undefined && more.length === 0) return samlMember(member, right, site)
  if (part === undefined || member !== undefined) return undefined
  if (part === 'redirect') return redirect(right, text)
  if (part === 'multifactor') return multifactor(right, text)
  if (!['idToken', 'accessToken', 'samlConfiguration'].includes(part)) return undefined
  // `context.idToken = context.idToken || {}` makes sure that it is there.
  const isKept = right.type === 'LogicalExpression' && pathOf(right.left)?.join('.') === `${site.shape.context}.${part}`
  if (isKept) return 'undefined'
  if (right.type !== 'ObjectExpression' || (part === 'samlConfiguration' && right.properties.length > 0))
    return undefined
  return inSequence(right.properties, (property) => {
    return `api.${part}.setCustomClaim(${keyCode(property, text)}, ${codeOf(property.value, text)})`
  })
}

function samlMember(member: string, right: AnyNode, { shape, text }: Site): string | undefined {
  const method = samlMethods.get(member)
  if (method !== undefined) return `api.samlResponse.${method}(${codeOf(right, text)})`
  if (member !== 'mappings' || right.type !== 'ObjectExpression') return undefined
  return inSequence(right.properties, (property) => {
    const { value } = property
    if (value.type !== 'Literal' || typeof value.value !== 'string') return undefined
    const [first = '', ...rest] = value.value.split('.')
    const path = rest.reduce((code, name) => `${code}?.${name}`, `${shape.user}.${first}`)
    return `api.samlResponse.setAttribute(${keyCode(property, text)}, ${path})`
  })
}

/** One call after another, in the place of an expression. */
function inSequence(
  properties: ObjectExpression['properties'],
  call: (property: Property) => string | undefined,
): string | undefined {
  const calls = properties.map((property) =>
    property.type === 'Property' && property.kind === 'init' ? call(property) : undefined,
  )
  if (calls.includes(undefined)) return undefined
  return calls.length === 0 ? 'undefined' : calls.join(', ')
}

function redirect(right: AnyNode, text: MagicString): string {
  const url = propertyOf(right, 'url')
  return `api.redirect.sendUserTo(${url === undefined ? `${codeOf(right, text)}.url` : codeOf(url, text)})`
}

/** A rule's browser is remembered unless it says otherwise, an action's where it says so. */
function multifactor(right: AnyNode, text: MagicString): string | undefined {
  if (right.type !== 'ObjectExpression') return undefined
  const properties = right.properties.flatMap((one) => (one.type === 'Property' && !one.computed ? [one] : []))
  if (properties.length < right.properties.length) return undefined
  const provider = propertyOf(right, 'provider')
  const remember = propertyOf(right, 'allowRememberBrowser')
  const others = properties.filter(({ key }) => !isNamed(key, 'provider') && !isNamed(key, 'allowRememberBrowser'))
  const options = [
    `allowRememberBrowser: ${remember === undefined ? 'true' : codeOf(remember, text)}`,
    ...(others.length === 0 ? [] : [`providerOptions: { ${others.map((one) => codeOf(one, text)).join(', ')} }`]),
  ]
  return `api.multifactor.enable(${provider === undefined ? "'any'" : codeOf(provider, text)}, { ${options.join(', ')} })`
}

function propertyOf(node: AnyNode, wanted: string): AnyNode | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.find((one) => one.type === 'Property' && isNamed(one.key, wanted))
  return found?.type === 'Property' ? found.value : undefined
}

function keyCode({ key, computed }: Property, text: MagicString): string {
  return computed || key.type === 'Literal' ? codeOf(key, text) : `'${codeOf(key, text)}'`
}

function codeOf({ start, end }: AnyNode, text: MagicString): string {
  return text.slice(start, end)
}

import type { AnyNode, AssignmentExpression, Identifier, MemberExpression, NewExpression, Node, Property } from 'acorn'
import { fullAncestor } from 'acorn-walk'
import type { MagicString } from 'magic-string'
import { contextPaths } from './context-paths.ts'
import { denial, rewriteCall } from './rewrite-calls.ts'
import { isNamed, pathOf, type RuleShape } from './shape.ts'
import type { NoteDifference, Site } from './site.ts'

/** Rewrites in place; answers which helper functions the text now calls. */
export function rewrite(shape: RuleShape, text: MagicString, note: NoteDifference): ReadonlySet<string> {
  const names = new Set<string>()
  const differs =
    (ancestors: readonly Node[]): NoteDifference =>
    (node, message) => {
      note(node, message)
      const statement = ancestors.findLast(({ type }) => /Statement$|Declaration$/.test(type)) ?? node
      text.appendLeft(statement.start, `/* claimsmith: not the same: ${message} */ `)
    }
  fullAncestor(shape.rule.body, (node, _state, ancestors) => {
    rewriteNode(node, { shape, text, ancestors, names, differs: differs(ancestors) })
  })
  return names
}

/** Rewrites one node; those inside it have been. */
function rewriteNode(node: AnyNode, site: Site): void {
  const { shape, text, differs } = site
  if (node.type === 'AssignmentExpression') rewriteWrite(node, site)
  else if (node.type === 'CallExpression') rewriteCall(node, site)
  else if (node.type === 'MemberExpression') rewriteRead(node, site)
  else if (isRefusal(node)) text.overwrite(node.callee.start, node.callee.end, 'Error')
  else if (node.type === 'ThrowStatement' && isRefusal(node.argument)) {
    const isOwn = !site.ancestors.some(({ type }) => type.includes('Function'))
    if (isOwn) text.overwrite(node.start, node.end, denial(node.argument, text))
    else differs(node, 'what an action throws is an error, and no refusal')
  } else if (node.type === 'Identifier') rewriteName(node, site)
  else if (node.type === 'UnaryExpression' && node.operator === 'delete' && rootOf(node.argument) === shape.user) {
    differs(node, 'later actions see what is deleted here')
  }
}

/** A name that stands for a whole: what is read from it is looked at elsewhere. */
function rewriteName(node: Identifier, { shape, text, ancestors, differs }: Site): void {
  const parent = ancestors.at(-2)
  const isRead = parent?.type === 'MemberExpression' && parent.object === node && pathOf(parent) !== undefined
  if (node.name === shape.context && !isRead) {
    const isPassedOn = parent?.type === 'CallExpression' && isNamed(parent.callee, shape.callback)
    if (!isPassedOn) differs(node, 'actions have no context as a whole')
  }
  if (!shape.tree.free.has(node)) return
  if (node.name === 'configuration') text.overwrite(node.start, node.end, 'event.secrets')
  if (node.name === 'global') differs(node, 'actions share no global; api.cache keeps texts')
  if (node.name === 'auth0' && !isRead) differs(node, 'actions have no auth0')
}

function rootOf(node: AnyNode): string | undefined {
  let root = node
  while (root.type === 'MemberExpression') root = root.object
  return root.type === 'Identifier' ? root.name : undefined
}

function isRefusal(node: AnyNode): node is NewExpression {
  return node.type === 'NewExpression' && isNamed(node.callee, 'UnauthorizedError')
}

function rewriteWrite(node: AssignmentExpression, site: Site): void {
  const { shape, text, differs } = site
  const { left, right } = node
  if (left.type !== 'MemberExpression') return
  const [root, part, ...more] = pathOf(left) ?? []
  const token = tokenOf(left.object, shape)
  if (token !== undefined && node.operator === '=') {
    const value = text.slice(right.start, right.end)
    text.overwrite(node.start, node.end, `api.${token}.setCustomClaim(${propertyCode(left, text)}, ${value})`)
  } else if (root === shape.context) {
    const whole = more.length === 0 ? wholePart(part, right, site) : undefined
    if (whole === undefined) differs(node, `an action cannot set ${[root, part, ...more].join('.')}`)
    else text.overwrite(node.start, node.end, whole)
  } else if (root === shape.user && part !== undefined && more.length === 0 && !part.endsWith('_metadata')) {
    differs(node, `user.${part} becomes a claim of the ID token, and later actions do not see it`)
    const code = text.slice(node.start, node.end)
    text.overwrite(node.start, node.end, `api.idToken.setCustomClaim('${part}', (${code}))`)
  } else if (rootOf(left) === shape.user && !isSaved(part, more.length, shape)) {
    differs(node, 'later actions do not see this change of the user')
  }
}

/** `user.app_metadata = user.app_metadata || {}` changes nothing; and what the rule saves, the action saves. */
function isSaved(part: string | undefined, depth: number, { tree, rule }: RuleShape): boolean {
  const kind = part === 'app_metadata' ? 'App' : part === 'user_metadata' ? 'User' : undefined
  return kind !== undefined && (depth === 0 || tree.textOf(rule).includes(`.update${kind}Metadata(`))
}

/** What `context.redirect = …` and its like come to; undefined where an action has nothing of the kind. */
function wholePart(part: string | undefined, right: AnyNode, { shape, text }: Site): string | undefined {
  if (part === 'redirect') return redirect(right, text)
  if (part === 'multifactor') return multifactor(right, text)
  if (part !== 'idToken' && part !== 'accessToken') return undefined
  // `context.idToken = context.idToken || {}` makes sure that it is there.
  const isKept = right.type === 'LogicalExpression' && pathOf(right.left)?.join('.') === `${shape.context}.${part}`
  if (isKept) return 'undefined'
  if (right.type !== 'ObjectExpression') return undefined
  const claims = right.properties.map((property) =>
    property.type === 'Property' && property.kind === 'init'
      ? `api.${part}.setCustomClaim(${keyCode(property, text)}, ${text.slice(property.value.start, property.value.end)})`
      : undefined,
  )
  if (claims.includes(undefined)) return undefined
  return claims.length === 0 ? 'undefined' : claims.join(', ')
}

function keyCode({ key, computed }: Property, text: MagicString): string {
  return computed || key.type === 'Literal' ? text.slice(key.start, key.end) : `'${text.slice(key.start, key.end)}'`
}

function redirect(right: AnyNode, text: MagicString): string {
  const url = propertyOf(right, 'url')
  const target = url === undefined ? `${text.slice(right.start, right.end)}.url` : text.slice(url.start, url.end)
  return `api.redirect.sendUserTo(${target})`
}

function multifactor(right: AnyNode, text: MagicString): string {
  const provider = propertyOf(right, 'provider')
  const remember = propertyOf(right, 'allowRememberBrowser')
  const first = provider === undefined ? "'any'" : text.slice(provider.start, provider.end)
  const options =
    remember === undefined ? '' : `, { allowRememberBrowser: ${text.slice(remember.start, remember.end)} }`
  return `api.multifactor.enable(${first}${options})`
}

function rewriteRead(node: MemberExpression, { shape, text, ancestors, differs }: Site): void {
  const path = pathOf(node)
  if (path === undefined || isPartOfLonger(node, ancestors) || isOwnDefault(node, ancestors)) return
  const [root, ...parts] = path
  if (root === 'auth0' && !/^auth0\.users\.update(User|App)Metadata$/.test(path.join('.'))) {
    differs(node, `actions have no ${path.join('.')}; they call the Management API themselves`)
  } else if (root === shape.context) {
    const known = parts.findLastIndex((_part, index) =>
      Object.hasOwn(contextPaths, parts.slice(0, index + 1).join('.')),
    )
    if (known < 0) {
      differs(node, `actions have no ${path.join('.')}`)
      return
    }
    const rest = parts
      .slice(known + 1)
      .map((part) => (/^[\w$]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
    text.overwrite(node.start, node.end, `${contextPaths[parts.slice(0, known + 1).join('.')]}${rest.join('')}`)
  }
}

/** `a.b` in `a.b = a.b || {}`. */
function isOwnDefault(node: MemberExpression, ancestors: readonly Node[]): boolean {
  const [outer, inner] = ancestors.slice(-3, -1) as [AnyNode | undefined, AnyNode | undefined]
  if (inner?.type !== 'LogicalExpression' || inner.left !== node || outer?.type !== 'AssignmentExpression') return false
  return outer.right === inner && pathOf(outer.left)?.join('.') === pathOf(node)?.join('.')
}

/** Whether what is read here is the beginning of a longer path, or of what an assignment writes to. */
function isPartOfLonger(node: MemberExpression, ancestors: readonly Node[]): boolean {
  let inner: Node = node
  for (const outer of ancestors.slice(0, -1).toReversed() as readonly AnyNode[]) {
    if (outer.type === 'AssignmentExpression') return outer.left === inner
    if (outer.type !== 'MemberExpression' || outer.object !== inner) return false
    if (pathOf(outer) !== undefined) return true
    inner = outer
  }
  return false
}

/** `context.idToken` and `context.accessToken`. */
function tokenOf(node: AnyNode, { context }: RuleShape): 'idToken' | 'accessToken' | undefined {
  const path = pathOf(node)
  if (path?.length !== 2 || path[0] !== context) return undefined
  return path[1] === 'idToken' || path[1] === 'accessToken' ? path[1] : undefined
}

function propertyCode({ computed, property }: MemberExpression, text: MagicString): string {
  const code = text.slice(property.start, property.end)
  return computed ? code : `'${code}'`
}

function propertyOf(node: AnyNode, wanted: string): AnyNode | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.find((one) => one.type === 'Property' && isNamed(one.key, wanted))
  return found?.type === 'Property' ? found.value : undefined
}

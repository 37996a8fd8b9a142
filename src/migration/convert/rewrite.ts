import type { AnyNode, AssignmentExpression, Identifier, MemberExpression, NewExpression, Node } from 'acorn'
import { fullAncestor } from 'acorn-walk'
import type { MagicString } from 'magic-string'
import { alwaysThere, contextPaths } from './context-paths.ts'
import { isViewed } from './context-view.ts'
import { denial, rewriteCall } from './rewrite-calls.ts'
import { wholePart } from './rewrite-whole.ts'
import { isNamed, pathOf, type RuleShape } from './shape.ts'
import type { NoteDifference, Site } from './site.ts'

/** Rewrites in place; answers which helper functions the text now calls. */
export function rewrite(shape: RuleShape, text: MagicString, note: NoteDifference): ReadonlySet<string> {
  const names = new Set<string>()
  const noted = new Set<string>()
  const differs =
    (ancestors: readonly Node[]): NoteDifference =>
    (node, message) => {
      // `global.n = (global.n || 0) + 1` is one thing to say.
      const key = `${shape.tree.placeOf(node).line} ${message}`
      if (noted.has(key)) return
      noted.add(key)
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
  } else if (node.type === 'Literal' && node.value === 'redirect-callback' && !shape.redirects) {
    differs(node, 'an action that redirects nobody does not run again when a user comes back')
  }
}

/** A name that stands for a whole: what is read from it is looked at elsewhere. */
function rewriteName(node: Identifier, { shape, text, ancestors, names, differs }: Site): void {
  const parent = ancestors.at(-2)
  const isRead = parent?.type === 'MemberExpression' && parent.object === node && pathOf(parent) !== undefined
  if (node.name === shape.context && !isRead) {
    const isPassedOn = parent?.type === 'CallExpression' && isNamed(parent.callee, shape.callback)
    if (!isPassedOn) {
      names.add('contextOf')
      differs(
        node,
        `${shape.context} is made of the event here: some of it is missing, and nothing can be written to it`,
      )
    }
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
    const whole = part === undefined || node.operator !== '=' ? undefined : wholePart([part, ...more], right, site)
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

function rewriteRead(node: MemberExpression, site: Site): void {
  const path = pathOf(node)
  if (path === undefined || isPartOfLonger(node, site.ancestors) || isOwnDefault(node, site.ancestors)) return
  const [root, ...parts] = path
  if (root === 'auth0' && !/^auth0\.users\.update(User|App)Metadata$/.test(path.join('.'))) {
    site.differs(node, `actions have no ${path.join('.')}; they call the Management API themselves`)
  } else if (root === site.shape.context) rewriteContextRead(node, parts, site)
}

function rewriteContextRead(node: MemberExpression, parts: readonly string[], site: Site): void {
  const { shape, text, ancestors, names, differs } = site
  const parent = ancestors.at(-2)
  const there = alwaysThere[parts.join('.')]
  if (there !== undefined && isTested(node, parent)) {
    text.overwrite(node.start, node.end, there)
    return
  }
  const known = parts.findLastIndex((_part, index) => Object.hasOwn(contextPaths, parts.slice(0, index + 1).join('.')))
  const found = known < 0 ? undefined : contextPaths[parts.slice(0, known + 1).join('.')]
  if ((found === undefined || parts[0] === 'authentication') && isViewed(parts, shape.tree.textOf(shape.rule))) {
    names.add('contextOf')
  } else if (found === undefined) differs(node, `actions have no ${[shape.context, ...parts].join('.')}`)
  else {
    const rest = parts
      .slice(known + 1)
      .map((part) => (/^[\w$]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
    // What is read of something that is not there fails in the rule, and is to fail here.
    const isRead = rest.length > 0 || (parent?.type === 'MemberExpression' && parent.object === node)
    text.overwrite(node.start, node.end, `${isRead && found.includes('?.') ? `(${found})` : found}${rest.join('')}`)
  }
}

/** Whether it is only asked whether this is there. */
function isTested(node: Node, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'LogicalExpression') return parent.operator === '&&' && parent.left === node
  if (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') return parent.test === node
  return parent?.type === 'UnaryExpression' && parent.operator === '!'
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

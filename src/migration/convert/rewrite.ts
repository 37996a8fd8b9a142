import type { AnyNode, AssignmentExpression, Identifier, MemberExpression, NewExpression, Node } from 'acorn'
import { fullAncestor } from 'acorn-walk'
import type { MagicString } from 'magic-string'
import { alwaysPresentPaths, contextPaths } from './context-paths.ts'
import { isInView } from './context-view.ts'
import { buildDenial, rewriteCall } from './rewrite-call.ts'
import { rewritePart } from './rewrite-part.ts'
import { isNamed, getMemberPath, type RuleShape } from './rule-shape.ts'
import type { NoteDifference, RewriteSite } from './rewrite-site.ts'

/** Rewrites in place. Returns the names of the helper functions that the text now calls. */
export function rewrite(ruleShape: RuleShape, text: MagicString, addDifference: NoteDifference): ReadonlySet<string> {
  const names = new Set<string>()
  const notedKeys = new Set<string>()
  const createNote =
    (ancestors: readonly Node[]): NoteDifference =>
    (node, message) => {
      // One note per line and message: `global.n = (global.n || 0) + 1`.
      const key = `${ruleShape.parsedScript.locate(node).line} ${message}`
      if (notedKeys.has(key)) return
      notedKeys.add(key)
      addDifference(node, message)
      const statement = ancestors.findLast(({ type }) => /Statement$|Declaration$/.test(type)) ?? node
      text.appendLeft(statement.start, `/* claimsmith: not the same: ${message} */ `)
    }
  fullAncestor(ruleShape.rule.body, (node, _state, ancestors) => {
    rewriteNode(node, { ruleShape, text, ancestors, names, noteDifference: createNote(ancestors) })
  })
  return names
}

/** Rewrites one node. The nodes inside it are already rewritten. */
function rewriteNode(node: AnyNode, site: RewriteSite): void {
  const { ruleShape, text, noteDifference } = site
  if (node.type === 'AssignmentExpression') rewriteWrite(node, site)
  else if (node.type === 'CallExpression') rewriteCall(node, site)
  else if (node.type === 'MemberExpression') rewriteRead(node, site)
  else if (isUnauthorizedError(node)) text.overwrite(node.callee.start, node.callee.end, 'Error')
  else if (node.type === 'ThrowStatement' && isUnauthorizedError(node.argument)) {
    const isOwn = !site.ancestors.some(({ type }) => type.includes('Function'))
    if (isOwn) text.overwrite(node.start, node.end, buildDenial(node.argument, text))
    else noteDifference(node, 'an error that an action throws does not deny the login, it fails it')
  } else if (node.type === 'Identifier') rewriteName(node, site)
  else if (
    node.type === 'UnaryExpression' &&
    node.operator === 'delete' &&
    findRootName(node.argument) === ruleShape.user
  ) {
    noteDifference(node, 'later actions see what is deleted here')
  } else if (node.type === 'Literal' && node.value === 'redirect-callback' && !ruleShape.hasRedirect) {
    noteDifference(node, 'an action without a redirect does not run again when a user comes back')
  }
}

/** Rewrites a name that is used as a whole. Reads of its members are rewritten elsewhere. */
function rewriteName(node: Identifier, { ruleShape, text, ancestors, names, noteDifference }: RewriteSite): void {
  const parent = ancestors.at(-2)
  const isRead = parent?.type === 'MemberExpression' && parent.object === node && getMemberPath(parent) !== undefined
  if (node.name === ruleShape.context && !isRead) {
    const isPassedOn = parent?.type === 'CallExpression' && isNamed(parent.callee, ruleShape.callback)
    if (!isPassedOn) {
      names.add('contextOf')
      noteDifference(
        node,
        `${ruleShape.context} is made of the event here: some of it is missing, and nothing can be written to it`,
      )
    }
  }
  if (!ruleShape.parsedScript.freeNodes.has(node)) return
  if (node.name === 'configuration') text.overwrite(node.start, node.end, 'event.secrets')
  if (node.name === 'global') noteDifference(node, 'actions share no global; api.cache keeps texts')
  if (node.name === 'auth0' && !isRead) noteDifference(node, 'actions have no auth0')
}

function findRootName(node: AnyNode): string | undefined {
  let root = node
  while (root.type === 'MemberExpression') root = root.object
  return root.type === 'Identifier' ? root.name : undefined
}

function isUnauthorizedError(node: AnyNode): node is NewExpression {
  return node.type === 'NewExpression' && isNamed(node.callee, 'UnauthorizedError')
}

function rewriteWrite(node: AssignmentExpression, site: RewriteSite): void {
  const { ruleShape, text, noteDifference } = site
  const { left, right } = node
  if (left.type !== 'MemberExpression') return
  const [root, part, ...more] = getMemberPath(left) ?? []
  const token = getClaimToken(left.object, ruleShape)
  if (token !== undefined && node.operator === '=') {
    const value = text.slice(right.start, right.end)
    text.overwrite(node.start, node.end, `api.${token}.setCustomClaim(${formatProperty(left, text)}, ${value})`)
  } else if (root === ruleShape.context) {
    const replacement =
      part === undefined || node.operator !== '=' ? undefined : rewritePart([part, ...more], right, site)
    if (replacement === undefined) noteDifference(node, `an action cannot set ${[root, part, ...more].join('.')}`)
    else text.overwrite(node.start, node.end, replacement)
  } else if (root === ruleShape.user && part !== undefined && more.length === 0 && !part.endsWith('_metadata')) {
    noteDifference(node, `user.${part} becomes a claim of the ID token, and later actions do not see it`)
    const code = text.slice(node.start, node.end)
    text.overwrite(node.start, node.end, `api.idToken.setCustomClaim('${part}', (${code}))`)
  } else if (findRootName(left) === ruleShape.user && !isSaved(part, more.length, ruleShape)) {
    noteDifference(node, 'later actions do not see this change of the user')
  }
}

/** `user.app_metadata = user.app_metadata || {}` changes nothing. Metadata that the rule saves, the action saves too. */
function isSaved(part: string | undefined, depth: number, { parsedScript, rule }: RuleShape): boolean {
  const kind = part === 'app_metadata' ? 'App' : part === 'user_metadata' ? 'User' : undefined
  return kind !== undefined && (depth === 0 || parsedScript.getText(rule).includes(`.update${kind}Metadata(`))
}

function rewriteRead(node: MemberExpression, site: RewriteSite): void {
  const path = getMemberPath(node)
  if (path === undefined || isPartOfLonger(node, site.ancestors) || isOwnDefault(node, site.ancestors)) return
  const [root, ...parts] = path
  if (root === 'auth0' && !/^auth0\.users\.update(User|App)Metadata$/.test(path.join('.'))) {
    site.noteDifference(node, `actions have no ${path.join('.')}; they call the Management API themselves`)
  } else if (root === site.ruleShape.context) rewriteContextRead(node, parts, site)
}

function rewriteContextRead(node: MemberExpression, parts: readonly string[], site: RewriteSite): void {
  const { ruleShape, text, ancestors, names, noteDifference } = site
  const parent = ancestors.at(-2)
  const presentPath = alwaysPresentPaths[parts.join('.')]
  if (presentPath !== undefined && isTested(node, parent)) {
    text.overwrite(node.start, node.end, presentPath)
    return
  }
  const knownIndex = parts.findLastIndex((_part, index) =>
    Object.hasOwn(contextPaths, parts.slice(0, index + 1).join('.')),
  )
  const eventPath = knownIndex < 0 ? undefined : contextPaths[parts.slice(0, knownIndex + 1).join('.')]
  if (
    (eventPath === undefined || parts[0] === 'authentication') &&
    isInView(parts, ruleShape.parsedScript.getText(ruleShape.rule))
  ) {
    names.add('contextOf')
  } else if (eventPath === undefined) noteDifference(node, `actions have no ${[ruleShape.context, ...parts].join('.')}`)
  else {
    const rest = parts
      .slice(knownIndex + 1)
      .map((part) => (/^[\w$]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
    // A read from an absent object throws in the rule, and must throw here.
    const isRead = rest.length > 0 || (parent?.type === 'MemberExpression' && parent.object === node)
    text.overwrite(
      node.start,
      node.end,
      `${isRead && eventPath.includes('?.') ? `(${eventPath})` : eventPath}${rest.join('')}`,
    )
  }
}

/** Whether the node is only tested for presence. */
function isTested(node: Node, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'LogicalExpression') return parent.operator === '&&' && parent.left === node
  if (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') return parent.test === node
  return parent?.type === 'UnaryExpression' && parent.operator === '!'
}

/** `a.b` in `a.b = a.b || {}`. */
function isOwnDefault(node: MemberExpression, ancestors: readonly Node[]): boolean {
  const [outer, inner] = ancestors.slice(-3, -1) as [AnyNode | undefined, AnyNode | undefined]
  if (inner?.type !== 'LogicalExpression' || inner.left !== node || outer?.type !== 'AssignmentExpression') return false
  return outer.right === inner && getMemberPath(outer.left)?.join('.') === getMemberPath(node)?.join('.')
}

/** Whether this read is the beginning of a longer path, or of an assignment's target. */
function isPartOfLonger(node: MemberExpression, ancestors: readonly Node[]): boolean {
  let inner: Node = node
  for (const outer of ancestors.slice(0, -1).toReversed() as readonly AnyNode[]) {
    if (outer.type === 'AssignmentExpression') return outer.left === inner
    if (outer.type !== 'MemberExpression' || outer.object !== inner) return false
    if (getMemberPath(outer) !== undefined) return true
    inner = outer
  }
  return false
}

/** `context.idToken` and `context.accessToken`. */
function getClaimToken(node: AnyNode, { context }: RuleShape): 'idToken' | 'accessToken' | undefined {
  const path = getMemberPath(node)
  if (path?.length !== 2 || path[0] !== context) return undefined
  return path[1] === 'idToken' || path[1] === 'accessToken' ? path[1] : undefined
}

function formatProperty({ computed, property }: MemberExpression, text: MagicString): string {
  const code = text.slice(property.start, property.end)
  return computed ? code : `'${code}'`
}

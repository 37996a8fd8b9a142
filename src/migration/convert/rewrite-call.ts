import type { AnyNode, CallExpression, Node } from 'acorn'
import type { MagicString } from 'magic-string'
import { isNamed, getMemberPath } from './rule-shape.ts'
import type { RewriteSite } from './rewrite-site.ts'

/** Rewrites a call of the callback, or of `auth0.users`. */
export function rewriteCall(node: CallExpression, site: RewriteSite): void {
  const kind = /^auth0\.users\.update(User|App)Metadata$/.exec(getMemberPath(node.callee)?.join('.') ?? '')?.[1]
  if (kind !== undefined) rewriteUpdate(node, kind, site)
  else if (isNamed(node.callee, site.ruleShape.callback)) rewriteCallback(node, site)
}

function rewriteCallback(node: CallExpression, site: RewriteSite): void {
  const { ruleShape, text, noteDifference } = site
  const [error, user, context] = node.arguments
  const isOther = (user && !isNamed(user, ruleShape.user)) || (context && !isNamed(context, ruleShape.context))
  if (isOther === true) noteDifference(node, 'an action cannot replace the user or the context')
  if (ruleShape.isDirect) {
    rewriteDirectCallback(node, site)
    return
  }
  const first = error === undefined ? '' : text.slice(error.start, error.end)
  text.overwrite(node.start, node.end, `${ruleShape.callback}(${first === 'null' ? '' : first})`)
}

function rewriteUpdate(
  node: CallExpression,
  kind: string,
  { ruleShape, text, noteDifference, names }: RewriteSite,
): void {
  const [id, metadata, callback] = node.arguments
  if (id === undefined || metadata === undefined) return
  if (getMemberPath(id)?.join('.') !== `${ruleShape.user}.user_id`) {
    noteDifference(node, 'an action writes the metadata of the user who logs in only')
  }
  names.add(`update${kind}Metadata`)
  const code = `update${kind}Metadata(${text.slice(metadata.start, metadata.end)})`
  const after = callback === undefined ? '' : text.slice(callback.start, callback.end)
  text.overwrite(node.start, node.end, after === '' ? code : `${code}.then(() => (${after})(null), ${after})`)
}

/** `return callback(…)` and `callback(…);` end the rule. An error denies the login. */
function rewriteDirectCallback(node: CallExpression, { text, ancestors, noteDifference }: RewriteSite): void {
  const parent = ancestors.at(-2)
  if (parent === undefined) return
  const [error] = node.arguments
  const isNull = error === undefined || (error.type === 'Literal' && error.value === null)
  if (parent.type === 'ExpressionStatement' && isFollowed(ancestors)) {
    noteDifference(node, 'what follows a callback does not run')
  }
  text.overwrite(parent.start, parent.end, isNull ? 'return;' : buildDenial(error, text))
}

/** Builds the statement that denies the login in the rule's own body. */
export function buildDenial(error: AnyNode, text: MagicString): string {
  const [message] = error.type === 'NewExpression' ? error.arguments : []
  if (error.type === 'NewExpression' && message !== undefined) {
    return `return api.access.deny(${text.slice(message.start, message.end)});`
  }
  const code = text.slice(error.start, error.end)
  if (error.type === 'Literal') return `return api.access.deny(${code});`
  return `{ if (${code}) api.access.deny(${code}.message ?? String(${code})); return; }`
}

/** Whether another statement of the same block follows, other than `return`. */
function isFollowed(ancestors: readonly AnyNode[]): boolean {
  const statement = ancestors.at(-2)
  const block = ancestors.at(-3)
  const list: readonly Node[] = block?.type === 'BlockStatement' ? block.body : []
  const next = statement === undefined ? undefined : list[list.indexOf(statement) + 1]
  return next !== undefined && next.type !== 'ReturnStatement'
}

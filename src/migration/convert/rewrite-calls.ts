import type { AnyNode, CallExpression, Node } from 'acorn'
import type { MagicString } from 'magic-string'
import { isNamed, pathOf } from './shape.ts'
import type { Site } from './site.ts'

/** Rewrites a call of the callback, or of `auth0.users`. */
export function rewriteCall(node: CallExpression, site: Site): void {
  const kind = /^auth0\.users\.update(User|App)Metadata$/.exec(pathOf(node.callee)?.join('.') ?? '')?.[1]
  if (kind !== undefined) rewriteUpdate(node, kind, site)
  else if (isNamed(node.callee, site.shape.callback)) rewriteCallback(node, site)
}

function rewriteCallback(node: CallExpression, site: Site): void {
  const { shape, text, differs } = site
  const [error, user, context] = node.arguments
  const isOther = (user && !isNamed(user, shape.user)) || (context && !isNamed(context, shape.context))
  if (isOther === true) differs(node, 'an action cannot replace the user or the context')
  if (shape.isDirect) {
    rewriteDirectCallback(node, site)
    return
  }
  const first = error === undefined ? '' : text.slice(error.start, error.end)
  text.overwrite(node.start, node.end, `${shape.callback}(${first === 'null' ? '' : first})`)
}

function rewriteUpdate(node: CallExpression, kind: string, { shape, text, differs, names }: Site): void {
  const [id, metadata, callback] = node.arguments
  if (id === undefined || metadata === undefined) return
  if (pathOf(id)?.join('.') !== `${shape.user}.user_id`) {
    differs(node, 'an action writes the metadata of the user who logs in, and of nobody else')
  }
  names.add(`update${kind}Metadata`)
  const code = `update${kind}Metadata(${text.slice(metadata.start, metadata.end)})`
  const after = callback === undefined ? '' : text.slice(callback.start, callback.end)
  text.overwrite(node.start, node.end, after === '' ? code : `${code}.then(() => (${after})(null), ${after})`)
}

/** `return callback(…)` and `callback(…);` end the rule; an error refuses the login. */
function rewriteDirectCallback(node: CallExpression, { text, ancestors, differs }: Site): void {
  const holder = ancestors.at(-2)
  if (holder === undefined) return
  const [error] = node.arguments
  const isNull = error === undefined || (error.type === 'Literal' && error.value === null)
  if (holder.type === 'ExpressionStatement' && isFollowed(ancestors)) {
    differs(node, 'what follows a callback does not run')
  }
  text.overwrite(holder.start, holder.end, isNull ? 'return;' : denial(error, text))
}

/** A refusal in the rule's own body, as a statement. */
export function denial(error: AnyNode, text: MagicString): string {
  const [message] = error.type === 'NewExpression' ? error.arguments : []
  if (error.type === 'NewExpression' && message !== undefined) {
    return `return api.access.deny(${text.slice(message.start, message.end)});`
  }
  const code = text.slice(error.start, error.end)
  if (error.type === 'Literal') return `return api.access.deny(${code});`
  return `{ if (${code}) api.access.deny(${code}.message ?? String(${code})); return; }`
}

/** Whether a statement of the same block comes after, other than `return`. */
function isFollowed(ancestors: readonly AnyNode[]): boolean {
  const statement = ancestors.at(-2)
  const block = ancestors.at(-3)
  const list: readonly Node[] = block?.type === 'BlockStatement' ? block.body : []
  const next = statement === undefined ? undefined : list[list.indexOf(statement) + 1]
  return next !== undefined && next.type !== 'ReturnStatement'
}

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { type CodecFault, encode, encodeMarked } from '../../sandbox/wire/codec.ts'
import type { SandboxLimits } from '../../sandbox/wire/limits.ts'
import { copyPlainTree } from '../../sandbox/wire/plain-tree.ts'

/** A login as rules get it. */
export interface UserAndContext {
  readonly user: User
  readonly context: LoginContext
}

/** A login as it crosses to a worker. */
export interface EncodedLogin {
  readonly text: string
  /** The same value, to apply the rules' changes to; undefined if the text must be parsed for that. */
  readonly copy: UserAndContext | undefined
}

/**
 * Encodes a login for a worker.
 *
 * @throws {ClaimsmithError} INVALID_LOGIN if `user` or `context` is not plain data
 */
export function encodeLogin(
  login: UserAndContext,
  limits: Pick<SandboxLimits, 'maxDepth' | 'maxOutputBytes'>,
): EncodedLogin {
  for (const part of ['user', 'context'] as const) {
    if (typeof login[part] !== 'object' || login[part] === null || Array.isArray(login[part])) {
      throw new ClaimsmithError('INVALID_LOGIN', `login.${part} is not an object; give { user: {…}, context: {…} }`)
    }
  }
  const userAndContext = { user: login.user, context: login.context }
  const codecLimits = { maxDepth: limits.maxDepth + 1, maxLength: limits.maxOutputBytes }
  try {
    const copy = copyPlainTree(userAndContext, codecLimits.maxDepth)
    return {
      copy,
      text: copy === undefined ? encode(userAndContext, codecLimits) : encodeMarked(copy, undefined, codecLimits),
    }
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw new ClaimsmithError('INVALID_LOGIN', `the login cannot be given to rules: ${fault}`, { cause: error })
  }
}

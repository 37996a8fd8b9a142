import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { type CodecFault, encode, encodeMarked } from '../sandbox/codec.ts'
import type { SandboxLimits } from '../sandbox/limits.ts'
import { isPlainTree } from '../sandbox/plain-tree.ts'
import type { UserAndContext } from './login-after.ts'

/**
 * The login as it crosses to a worker.
 *
 * @throws {ClaimsmithError} INVALID_LOGIN where `user` or `context` is no plain data
 */
export function textOfLogin(login: UserAndContext, limits: Pick<SandboxLimits, 'maxDepth' | 'maxOutputBytes'>): string {
  for (const part of ['user', 'context'] as const) {
    if (typeof login[part] !== 'object' || login[part] === null || Array.isArray(login[part])) {
      throw new ClaimsmithError('INVALID_LOGIN', `login.${part} is not an object; give { user: {…}, context: {…} }`)
    }
  }
  const both = { user: login.user, context: login.context }
  const codecLimits = { maxDepth: limits.maxDepth + 1, maxLength: limits.maxOutputBytes }
  try {
    return isPlainTree(both, codecLimits.maxDepth)
      ? encodeMarked(both, undefined, codecLimits)
      : encode(both, codecLimits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw new ClaimsmithError('INVALID_LOGIN', `the login cannot be given to rules: ${fault}`, { cause: error })
  }
}

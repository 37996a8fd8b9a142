import type { LoginInput } from '../../engine/ports/login-input.ts'
import { readJsonObject } from './read-json.ts'
import { createSampleContext, createSampleUser } from './sample-login.ts'

/** Reads a login from the files of `--user` and `--context`. What they do not hold comes from the sample login. */
export function readLogin({
  user,
  context,
}: {
  readonly user?: string
  readonly context?: string
}): Required<Pick<LoginInput, 'user' | 'context'>> {
  return {
    user: user === undefined ? createSampleUser() : readJsonObject(user, '--user'),
    context: { ...createSampleContext(), ...(context === undefined ? {} : readJsonObject(context, '--context')) },
  }
}

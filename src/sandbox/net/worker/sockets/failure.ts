import type { SandboxLimits } from '../../../wire/limits.ts'
import { FetchRefusal } from '../fetch-refusal.ts'

/** What a rule may know of a connection that failed: the guard's reason, or the system's. */
export interface Failure {
  readonly code: string | undefined
  readonly message: string
}

/** What becomes of a connection that its login leaves open. */
export const hungUp: Failure = { code: 'ECONNRESET', message: 'the connection ended with the login that opened it' }

export function failureOf(error: unknown): Failure {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  if (error instanceof FetchRefusal) return { code: error.code, message }
  return { code: typeof code === 'string' ? code : undefined, message }
}

export function tooLong({ requestTimeoutMs }: SandboxLimits): Failure {
  return { code: 'ETIMEDOUT', message: `no answer within ${requestTimeoutMs} ms` }
}

import type { SandboxLimits } from '../../../wire/limits.ts'
import { HostCallError } from '../host-call-error.ts'

/** What a rule may know of a connection that failed: the guard's reason, or the system's. */
export interface ConnectionFailure {
  readonly code: string | undefined
  readonly message: string
}

/** What becomes of a connection that its login leaves open. */
export const runEndedFailure: ConnectionFailure = {
  code: 'ECONNRESET',
  message: 'the connection ended with the login that opened it',
}

export function toConnectionFailure(error: unknown): ConnectionFailure {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  if (error instanceof HostCallError) return { code: error.code, message }
  return { code: typeof code === 'string' ? code : undefined, message }
}

export function toTimeoutFailure({ requestTimeoutMs }: SandboxLimits): ConnectionFailure {
  return { code: 'ETIMEDOUT', message: `no answer within ${requestTimeoutMs} ms` }
}

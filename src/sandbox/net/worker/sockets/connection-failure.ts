import type { SandboxLimits } from '../../../wire/limits.ts'
import { HostCallError } from '../host-call-error.ts'

/** Why a connection failed, as the rule sees it: the reason of the policy, or of the system. */
export interface ConnectionFailure {
  readonly code: string | undefined
  readonly message: string
}

/** The end of a connection that its run leaves open. */
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

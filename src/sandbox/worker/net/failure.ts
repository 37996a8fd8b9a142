import { FetchRefusal } from '../fetch-refusal.ts'

/** What a rule may know of a connection that failed: the guard's reason, or the system's. */
export interface Failure {
  readonly code: string | undefined
  readonly message: string
}

export function failureOf(error: unknown): Failure {
  const { code, message } = error as { readonly code?: unknown; readonly message: string }
  if (error instanceof FetchRefusal) return { code: error.code, message }
  return { code: typeof code === 'string' ? code : undefined, message }
}

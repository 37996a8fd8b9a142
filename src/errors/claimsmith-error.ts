import type { ErrorCode } from './codes.ts'

export interface ClaimsmithErrorOptions {
  /** Facts for programs: a file, a line, a column, a path, a limit. Never a secret, a token or a profile. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
  readonly cause?: unknown
}

/** The one class of errors that claimsmith throws; `code` says which, `message` says what was wrong and what would be right. */
export class ClaimsmithError extends Error {
  override readonly name = 'ClaimsmithError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, string | number | boolean>>

  constructor(code: ErrorCode, message: string, options: ClaimsmithErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = options.details ?? {}
  }
}

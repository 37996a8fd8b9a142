import type { ErrorCode } from './codes.ts'
import type { ErrorDetails } from './error-details.ts'

export interface ClaimsmithErrorOptions<Code extends ErrorCode = ErrorCode> {
  /** Facts for programs: a file, a line, a column, a path, a limit. Never a secret, a token or a profile. */
  readonly details?: ErrorDetails<Code>
  readonly cause?: unknown
}

/**
 * The one class of errors that claimsmith throws: `code` says which, `message` what was wrong and what would be right, and
 * `details` holds facts that depend on the code.
 *
 * @example
 * try {
 *   createEngine({ rules: 'rules' })
 * } catch (error) {
 *   if (error instanceof ClaimsmithError && error.code === 'RULE_SYNTAX') console.error(error.details.file, error.details.line)
 *   else throw error
 * }
 */
export type ClaimsmithError = { [Code in ErrorCode]: CodedError<Code> }[ErrorCode]

export interface CodedError<Code extends ErrorCode> extends Error {
  readonly name: 'ClaimsmithError'
  readonly code: Code
  readonly details: ErrorDetails<Code>
}

interface ClaimsmithErrorConstructor {
  new <Code extends ErrorCode>(
    code: Code,
    message: string,
    options?: ClaimsmithErrorOptions<Code>,
  ): CodedError<Code> & ClaimsmithError
  readonly prototype: ClaimsmithError
}

// A class cannot have a union as its type, and only a union narrows by `code`. The class has the same name for stack traces.
// oxlint-disable-next-line no-shadow
export const ClaimsmithError: ClaimsmithErrorConstructor = class ClaimsmithError<Code extends ErrorCode>
  extends Error
  implements CodedError<Code>
{
  override readonly name = 'ClaimsmithError'
  readonly code: Code
  readonly details: ErrorDetails<Code>

  constructor(code: Code, message: string, options: ClaimsmithErrorOptions<Code> = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = options.details ?? ({} as ErrorDetails<Code>)
  }
} as unknown as ClaimsmithErrorConstructor

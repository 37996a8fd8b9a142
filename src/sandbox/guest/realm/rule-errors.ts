/** Creates the error classes that Auth0 put into every rule's scope, with the fields that they had there. */
export function createRuleErrors(): Record<string, unknown> {
  class UnauthorizedError extends Error {
    override readonly name = 'UnauthorizedError'
    readonly code = 'unauthorized'
    readonly statusCode = 401
    readonly description: string | undefined

    constructor(message?: string) {
      super(message)
      this.description = message
    }
  }

  class ValidationError extends Error {
    override readonly name = 'ValidationError'
    readonly code: string | undefined
    readonly description: string | undefined

    constructor(code?: string, message?: string) {
      super(message)
      this.code = code
      this.description = message
    }
  }

  class WrongUsernameOrPasswordError extends Error {
    override readonly name = 'WrongUsernameOrPasswordError'
    readonly code = 'invalid_user_password'
    readonly statusCode = 401
    readonly description = 'Wrong email or password.'
    readonly user_id: string | undefined

    constructor(userId?: string, message?: string) {
      super(message)
      this.user_id = userId
    }
  }

  return { UnauthorizedError, ValidationError, WrongUsernameOrPasswordError }
}

/** What rules can fail with. Such a failure is a value in an outcome; only RULE_SYNTAX is also thrown, by what loads rules. */
export const ruleErrorCodes = [
  'RULE_SYNTAX',
  'RULE_THREW',
  'RULE_TIMEOUT',
  'RULE_CPU',
  'RULE_MEMORY',
  'RULE_OUTPUT',
  'RULE_NO_CALLBACK',
  'MODULE_NOT_FOUND',
  'MODULE_REFUSED',
  'NETWORK_REFUSED',
  'LIMIT_EXCEEDED',
  'WORKER_LOST',
] as const

/**
 * The codes of rules' errors.
 *
 * @example
 * const code: RuleErrorCode = 'RULE_TIMEOUT'
 */
export type RuleErrorCode = (typeof ruleErrorCodes)[number]

/** What claimsmith throws: wrong use, bad input, or a failure of its own. */
export const hostErrorCodes = [
  'INVALID_ARGUMENT',
  'INVALID_LOGIN',
  'INVALID_OVERLAY',
  'INVALID_QUERY',
  'INVALID_RECORDING',
  'INVALID_RULESET',
  'INVALID_STATE',
  'INVALID_TOKEN',
  'INVALID_KEY',
  'TOKEN_TOO_LARGE',
  'ENGINE_CLOSED',
  'PACKAGE_MISSING',
  'SEARCH_TIMEOUT',
  'STORE_CONFLICT',
  'STORE_FAILED',
  'SANDBOX_FAILED',
  'UNSUPPORTED_NODE',
] as const

/**
 * The codes of errors that are not a rule's.
 *
 * @example
 * const code: HostErrorCode = 'INVALID_ARGUMENT'
 */
export type HostErrorCode = (typeof hostErrorCodes)[number]
/**
 * The codes of `ClaimsmithError`.
 *
 * @example
 * const isUsage = (code: ErrorCode): boolean => code.startsWith('INVALID_')
 */
export type ErrorCode = RuleErrorCode | HostErrorCode

import type { LoginContext } from '../context/context.ts'
import type { User } from '../user/user.ts'

/** A type without its index signature. */
type KnownKeys<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] }

/**
 * `user` in a rule: the profile, open to any further attribute.
 *
 * @example
 * const getDomain = (user: RuleUser): string => user.email?.split('@')[1] ?? ''
 */
export type RuleUser = User & { user_id: string }

/**
 * `context` in a rule. An unknown member is an error, so that typos are found.
 *
 * @example
 * const isFirstLogin = (context: RuleContext): boolean => context.stats?.loginsCount === 1
 */
export type RuleContext = KnownKeys<LoginContext> &
  Required<Pick<KnownKeys<LoginContext>, 'clientID' | 'protocol' | 'connection' | 'stats'>> & {
    /** Claims for the ID token. */
    idToken: Record<string, unknown>
    /** Claims for the access token, beside the scopes it will carry. */
    accessToken: { scope?: string[]; [claim: string]: unknown }
  }

/**
 * Ends a rule. An error denies the login; otherwise the user and the context go to the next rule.
 *
 * @example
 * const deny = (callback: RuleCallback): void => callback(new UnauthorizedError('Not on the list.'))
 */
export type RuleCallback = (error?: Error | string | null, user?: RuleUser, context?: RuleContext) => void

/**
 * A rule. In JavaScript, the comment `@type {import('claimsmith').Rule}` before it types its parameters.
 *
 * @example
 * const rule: Rule = (user, context, callback) => callback(null, { ...user, roles: ['admin'] }, context)
 */
export type Rule = (user: RuleUser, context: RuleContext, callback: RuleCallback) => void | Promise<void>

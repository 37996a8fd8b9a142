import type { LoginContext } from '../context/context.ts'
import type { User } from '../user/user.ts'

/** The members of a type that it names; without those that an index signature lets in. */
type KnownKeys<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] }

/** `user` in a rule: the profile, open to any further attribute. */
export type RuleUser = User & { user_id: string }

/** `context` in a rule. What it does not name is an error, so that a slip of the pen is found. */
export type RuleContext = KnownKeys<LoginContext> &
  Required<Pick<KnownKeys<LoginContext>, 'clientID' | 'protocol' | 'connection' | 'stats'>> & {
    /** Claims for the ID token. */
    idToken: Record<string, unknown>
    /** Claims for the access token, beside the scopes it will carry. */
    accessToken: { scope?: string[]; [claim: string]: unknown }
  }

/** Ends a rule: with an error to refuse the login, otherwise with what goes on to the next rule. */
export type RuleCallback = (error?: Error | string | null, user?: RuleUser, context?: RuleContext) => void

/** A rule. In JavaScript, `@type {import('claimsmith').Rule}` in the comment before it gives its parameters their types. */
export type Rule = (user: RuleUser, context: RuleContext, callback: RuleCallback) => void | Promise<void>

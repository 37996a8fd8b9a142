import { context, user } from '../row.ts'
import type { Answers } from '../stub-hosts.ts'

/** An Action, and the rule that it ports. */
export interface Pair {
  /** The file of `auth0/rules`. */
  readonly rule: string
  readonly configuration?: Readonly<Record<string, string>>
  /** What makes the Action's policy the one that the rule has in its text. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly answers?: Answers
  /** By what each of them is. */
  readonly logins: Readonly<Record<string, PairedLogin>>
}

export interface PairedLogin {
  readonly user?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
  /** In the place of the pair's own. */
  readonly answers?: Answers
  /** What the rule shows, beside `uneventful`; the Action the same, or what differs. */
  readonly shows: Partial<Shown>
  readonly differs?: Difference
}

/** Where a port does by its own text what the rule does not. */
export interface Difference {
  readonly because: string
  readonly action: Partial<Shown>
}

/** All that a login comes to. */
export interface Shown {
  readonly outcome: 'allow' | 'deny' | 'challenge' | 'redirect' | 'error'
  readonly reason: unknown
  readonly reasonCode: string | undefined
  readonly multifactor: object | undefined
  readonly idToken: object
  readonly accessToken: object
  readonly samlConfiguration: object
  /** Which metadata is saved, and what, in order. */
  readonly saved: readonly unknown[]
  /** `METHOD URL`, and texts that its headers and its body hold. */
  readonly requests: readonly (readonly [request: string, ...parts: string[]])[]
}

export const uneventful: Shown = {
  outcome: 'allow',
  reason: undefined,
  reasonCode: undefined,
  multifactor: undefined,
  idToken: {},
  accessToken: {},
  samlConfiguration: {},
  saved: [],
  requests: [],
}

/** When all logins of the table are. */
export const now = Date.parse('2026-11-20T12:00:00.000Z')

export const loginOf = ({ user: who, context: how }: PairedLogin) =>
  structuredClone({ user: { ...user, ...who }, context: { ...context, ...how } })

export const denied = (reason: string) => ({ outcome: 'deny', reason }) as const

/** The same refusal in the port's own words. */
export const says = (reason: string): Difference => ({ because: 'it says so in other words', action: { reason } })

export const challenged = (provider: string, allowRememberBrowser?: boolean) =>
  ({
    outcome: 'challenge',
    multifactor: { provider, ...(allowRememberBrowser === undefined ? {} : { allowRememberBrowser }) },
  }) as const

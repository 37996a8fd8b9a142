import type { LoginContext } from '../../../src/profile/context/context.ts'
import { now } from './pair.ts'

/** Actions that port no rule. */
export const ownActions = {
  linking: 'client-initiated-account-linking-POST_LOGIN',
  lifetimes: 'set-absolute-and-idle-timeout-based-on-organization-connection-or-application-metadata-POST_LOGIN',
  exchanges: ['first-party-on-behalf-of-CUSTOM_TOKEN_EXCHANGE', 'skyfire-token-exchange-CUSTOM_TOKEN_EXCHANGE'],
} as const

const minuteMs = 60_000
const begunMs = now - 10 * minuteMs
const lifetimes = { idle_lifetime: String(5 * minuteMs), absolute_lifetime: String(60 * minuteMs) }
const session = { created_at: new Date(begunMs).toISOString() }
const idle = { idle_expires_at: new Date(now + 5 * minuteMs).toISOString() }
const both = { ...idle, expires_at: new Date(begunMs + 60 * minuteMs).toISOString() }

/** What becomes of a session by what its organization, application and connection say of lifetimes. */
export const lifetimeRows: readonly {
  readonly which: string
  readonly context: LoginContext
  readonly session: object
}[] = [
  {
    which: 'of an organization',
    context: { organization: { id: 'org_1', name: 'acme', metadata: lifetimes }, session },
    session: { ...session, ...both },
  },
  {
    which: 'to an application',
    context: { clientMetadata: lifetimes, session },
    session: { ...session, ...both },
  },
  {
    which: 'of which nobody knows when its session began',
    context: { clientMetadata: lifetimes },
    session: idle,
  },
  {
    which: 'to an application that says nothing, whatever the connection says',
    context: { clientMetadata: {}, connectionMetadata: lifetimes, session },
    session,
  },
]

import jwt from 'jsonwebtoken'
import type { Answers } from './stub-hosts.ts'

/** One rule of the corpus, a login that shows what it is for, and what is to come of it. */
export interface Row {
  readonly user?: Readonly<Record<string, unknown>>
  readonly context?: Readonly<Record<string, unknown>>
  readonly configuration?: Readonly<Record<string, string>>
  readonly answers?: Answers
  readonly expect: Expected
}

export interface Expected {
  /** Default `allow`. */
  readonly outcome?: 'deny' | 'redirect' | 'challenge'
  readonly reason?: string
  readonly redirect?: unknown
  readonly multifactor?: object
  /** All claims, and no others. */
  readonly idToken?: object
  readonly accessToken?: object
  /** Some of the user's and the context's members. */
  readonly user?: object
  readonly context?: object
  /** Members that the user has no more. */
  readonly gone?: readonly string[]
  /** What it saves, in order: which metadata, and what. */
  readonly saved?: readonly unknown[]
  /** All its requests: `METHOD URL`, and texts that headers and body hold. */
  readonly requests?: readonly (readonly [request: string, ...parts: string[]])[]
}

/** Rules that need a package which npm lacks, or a database driver: what `check` is to say is missing. */
export type Missing = Readonly<Record<string, string>>

export const user = {
  user_id: 'auth0|1',
  email: 'ada@example.com',
  email_verified: true,
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  created_at: '2026-11-01T10:00:00.000Z',
  identities: [],
}

export const context = {
  clientID: 'app-1',
  clientName: 'Analytical Engine',
  clientMetadata: {},
  connection: 'members',
  connectionStrategy: 'auth0',
  connectionOptions: {},
  protocol: 'oidc-basic-profile',
  stats: { loginsCount: 1 },
  sessionID: 'session-1',
  samlConfiguration: {},
  request: {
    ip: '198.51.100.7',
    hostname: 'tenant.example',
    userAgent: 'Difference/1.0',
    query: {},
    body: {},
    geoip: { country_name: 'Argentina', country_code: 'AR', time_zone: 'America/Buenos_Aires' },
  },
  idToken: {},
  accessToken: {},
}

/** `context.request` of a login with this query, this body, or from elsewhere. */
export const asked = (over: object): { request: object } => ({ request: { ...context.request, ...over } })

/** How a user comes back from where a rule had sent them. */
export const back = (query: object, body: object = {}): Record<string, unknown> => ({
  protocol: 'redirect-callback',
  ...asked({ query, body }),
})

export const secret = 'a secret of thirty-two characters'

export const sessionToken = (claims: object): string =>
  jwt.sign({ ...claims, iss: 'https://tenant.example/', sub: user.user_id }, secret, { expiresIn: '1h' })

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { LoginContext, Protocol } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { type FakeConnection, type FakeStrategy, type Person, fakeConnections } from './fake-connections.ts'
import { type FakeRandom, createFakeRandom } from './fake-random.ts'
import { isPlain } from '../values/value-kinds.ts'

/** The kind of login to create. The same kind and seed always give the same login. */
export interface FakeKind {
  /** `context.connectionStrategy`; default `auth0`, a database. */
  readonly strategy?: FakeStrategy
  /** Default 1. */
  readonly seed?: string | number
}

export interface FakeContextKind extends FakeKind {
  /** Default `oidc-basic-profile`. */
  readonly protocol?: Protocol
}

/** Any part of an object. Objects are merged; lists and other values replaced; `undefined` removes an attribute. */
export type Overrides<T> = {
  readonly [Name in keyof T]?: (T[Name] extends object | undefined ? Overrides<T[Name]> | T[Name] : T[Name]) | undefined
}

const givenNames = 'Ada Grace Alan Edsger Barbara Donald Margaret Dennis Radia Tim Frances Niklaus'.split(' ')
const familyNames = 'Lovelace Hopper Turing Dijkstra Liskov Knuth Hamilton Ritchie Perlman Lee Allen Wirth'.split(' ')
const domains = ['example.com', 'example.org', 'example.net']
const createdMs = Date.UTC(2026, 0, 15, 9)
const dayMs = 86_400_000

/**
 * Creates a user as a connection of this kind brings them.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if there is no such strategy
 */
export function fakeUser(overrides: Overrides<User> = {}, kind: FakeKind = {}): User & { user_id: string } {
  const { strategy = 'auth0', seed = 1 } = kind
  const connection = getConnection(strategy, 'fakeUser')
  const random = createFakeRandom(`user ${seed}`)
  const person = createPerson(random)
  const id = connection.id(random, person)
  const { email, phone } = person
  const name = `${person.givenName} ${person.familyName}`
  const isPhone = connection.method === 'sms'
  const user: User = {
    user_id: `${connection.provider}|${id}`,
    ...(isPhone
      ? { name: phone, phone_number: phone, phone_verified: true }
      : { email, email_verified: true, name, nickname: email.split('@')[0]! }),
    ...(connection.method === 'federated' ? { given_name: person.givenName, family_name: person.familyName } : {}),
    picture: `https://pictures.example.com/${random.hex(8)}.png`,
    created_at: new Date(createdMs).toISOString(),
    updated_at: new Date(createdMs + (1 + random.integerBelow(300)) * dayMs).toISOString(),
    identities: [
      { connection: connection.name, provider: connection.provider, user_id: id, isSocial: connection.isSocial },
    ],
    ...connection.extra?.(person, random),
    user_metadata: {},
    app_metadata: {},
  }
  return mergeOverrides(user, overrides) as User & { user_id: string }
}

/**
 * Creates the `context` of a login over a connection of this kind, by this protocol.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if there is no such strategy
 */
export function fakeContext(
  overrides: Overrides<LoginContext> = {},
  kind: FakeContextKind = {},
): LoginContext & Required<Pick<LoginContext, 'idToken' | 'accessToken' | 'request' | 'stats'>> {
  const { strategy = 'auth0', protocol = 'oidc-basic-profile', seed = 1 } = kind
  const { name, method, options = {} } = getConnection(strategy, 'fakeContext')
  const random = createFakeRandom(`context ${seed}`)
  const clientID = random.text(32)
  const context: LoginContext = {
    tenant: 'claimsmith',
    clientID,
    clientName: 'Sample application',
    clientMetadata: {},
    connection: name,
    connectionID: `con_${random.text(16)}`,
    connectionStrategy: strategy,
    connectionOptions: options,
    connectionMetadata: {},
    protocol,
    ...(hasSession(protocol) ? { sessionID: random.text(32) } : {}),
    request: {
      ip: `203.0.113.${1 + random.integerBelow(254)}`,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      hostname: 'tenant.example.com',
      ...buildRequest(protocol, clientID),
      geoip: {
        country_code: 'GB',
        country_code3: 'GBR',
        country_name: 'United Kingdom',
        city_name: 'London',
        latitude: 51.5,
        longitude: -0.12,
        time_zone: 'Europe/London',
        continent_code: 'EU',
      },
    },
    stats: { loginsCount: 2 + random.integerBelow(40) },
    sso: { with_auth0: false, with_dbconn: false, current_clients: [clientID] },
    authentication: { methods: [{ name: method, timestamp: createdMs }] },
    authorization: { roles: [] },
    ...(protocol === 'samlp' || protocol === 'wsfed' ? { samlConfiguration: {} } : {}),
    idToken: {},
    accessToken: { scope: ['openid', 'profile', 'email'] },
  }
  return mergeOverrides(context, overrides) as ReturnType<typeof fakeContext>
}

function getConnection(strategy: string, caller: string): FakeConnection {
  if (Object.hasOwn(fakeConnections, strategy)) return fakeConnections[strategy as FakeStrategy]
  const names = Object.keys(fakeConnections).join(', ')
  throw new ClaimsmithError('INVALID_ARGUMENT', `${caller}: there is no strategy ${strategy}; there are ${names}`)
}

function createPerson(random: FakeRandom): Person {
  const [first, last, domain] = [random.pick(givenNames), random.pick(familyNames), random.pick(domains)]
  const email = `${first}.${last}@${domain}`.toLowerCase()
  return { givenName: first, familyName: last, domain, email, phone: `+44770090${1000 + random.integerBelow(9000)}` }
}

/** Whether the protocol has a browser that stays logged in. */
function hasSession(protocol: string): boolean {
  return !/password|resource-owner|device|usernamemixed|delegation/.test(protocol)
}

function buildRequest(
  protocol: string,
  clientID: string,
): { query: Record<string, unknown>; body: Record<string, unknown> } {
  const client = { client_id: clientID, scope: 'openid profile email' }
  switch (protocol) {
    case 'oidc-basic-profile':
      return { query: { ...client, response_type: 'code', redirect_uri: 'https://app.example.com/callback' }, body: {} }
    case 'oidc-implicit-profile':
      return { query: { ...client, response_type: 'id_token', redirect_uri: 'https://app.example.com/' }, body: {} }
    case 'oauth2-refresh-token':
      return { query: {}, body: { client_id: clientID, grant_type: 'refresh_token' } }
    case 'oauth2-password':
    case 'oauth2-resource-owner':
      return { query: {}, body: { ...client, grant_type: 'password' } }
    case 'redirect-callback':
      return { query: { state: 'sample-state' }, body: {} }
    default:
      return { query: {}, body: {} }
  }
}

function mergeOverrides(base: object, overrides: object): object {
  const result: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(overrides)) {
    const old = result[name]
    if (value === undefined) delete result[name]
    else if (isMergeable(old) && isMergeable(value)) result[name] = mergeOverrides(old, value)
    else result[name] = value
  }
  return result
}

function isMergeable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value)
}

import type { Metadata } from '../../profile/user/user.ts'
import type { FakeRandom } from './fake-random.ts'

/** The users that one kind of connection brings. */
export interface FakeConnection {
  /** The connection's name. If tenants choose it, a plausible one. */
  readonly name: string
  /** `user.identities[0].provider`; `user_id` begins with it. */
  readonly provider: string
  readonly isSocial: boolean
  /** How the user authenticated: `context.authentication.methods[0].name`. */
  readonly method: 'pwd' | 'federated' | 'email' | 'sms'
  /** The user's id at the provider. */
  readonly id: (random: FakeRandom, person: Person) => string
  /** Creates further attributes that this kind of connection supplies. */
  readonly extra?: (person: Person, random: FakeRandom) => Metadata
  readonly options?: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly givenName: string
  readonly familyName: string
  readonly email: string
  readonly phone: string
  readonly domain: string
}

const createDigits = (length: number) => (random: FakeRandom) =>
  `1${Array.from({ length: length - 1 }, () => random.integerBelow(10)).join('')}`
const social = { isSocial: true, method: 'federated' } as const
const enterprise = { isSocial: false, method: 'federated' } as const

/** Keyed by `context.connectionStrategy`. */
export const fakeConnections = {
  auth0: {
    name: 'Username-Password-Authentication',
    provider: 'auth0',
    isSocial: false,
    method: 'pwd',
    id: (random) => random.hex(24),
    extra: (_, random) => ({
      last_password_reset: `2026-0${1 + random.integerBelow(9)}-1${random.integerBelow(10)}T09:00:00.000Z`,
    }),
  },
  'google-oauth2': {
    ...social,
    name: 'google-oauth2',
    provider: 'google-oauth2',
    id: createDigits(21),
    extra: () => ({ locale: 'en' }),
  },
  facebook: {
    ...social,
    name: 'facebook',
    provider: 'facebook',
    id: createDigits(17),
    extra: ({ givenName }, random) => ({
      link: `https://www.facebook.com/app_scoped_user_id/${random.text(20)}`,
      first_name: givenName,
    }),
  },
  github: {
    ...social,
    name: 'github',
    provider: 'github',
    id: createDigits(8),
    extra: ({ givenName }) => ({
      html_url: `https://github.com/${givenName.toLowerCase()}`,
      company: 'Analytical Engines',
      hireable: null,
    }),
  },
  linkedin: { ...social, name: 'linkedin', provider: 'linkedin', id: (random) => random.text(10) },
  twitter: {
    ...social,
    name: 'twitter',
    provider: 'twitter',
    id: createDigits(10),
    extra: ({ givenName }) => ({ screen_name: givenName.toLowerCase() }),
  },
  apple: {
    ...social,
    name: 'apple',
    provider: 'apple',
    id: (random) => `00${random.hex(32)}.0${random.integerBelow(10)}42`,
  },
  windowslive: { ...social, name: 'windowslive', provider: 'windowslive', id: (random) => random.hex(16) },
  samlp: {
    ...enterprise,
    name: 'corporate-saml',
    provider: 'samlp',
    id: (_, { email }) => `corporate-saml|${email}`,
    extra: ({ domain }) => ({ groups: ['Staff', 'Engineering'], issuer: `https://idp.${domain}/metadata` }),
    options: {
      signInEndpoint: 'https://idp.example.com/sso',
      tenant_domain: 'example.com',
      domain_aliases: ['example.com'],
    },
  },
  waad: {
    ...enterprise,
    name: 'corporate-azure',
    provider: 'waad',
    id: (random) => random.text(43),
    extra: ({ email }, random) => ({
      upn: email,
      tenantid: createGuid(random),
      oid: createGuid(random),
      groups: ['Staff'],
    }),
    options: { tenant_domain: 'example.com', domain_aliases: ['example.com'] },
  },
  ad: {
    ...enterprise,
    name: 'corporate-ad',
    provider: 'ad',
    id: (random) => `corporate-ad|${createGuid(random)}`,
    extra: ({ givenName, familyName, domain }) => ({
      groups: ['Domain Users', 'Staff'],
      dn: `CN=${givenName} ${familyName},OU=Users,DC=${domain.split('.').join(',DC=')}`,
      sAMAccountName: givenName.toLowerCase(),
    }),
  },
  adfs: {
    ...enterprise,
    name: 'corporate-adfs',
    provider: 'adfs',
    id: (_, { email }) => email,
    extra: ({ email }) => ({ upn: email }),
  },
  'google-apps': {
    ...enterprise,
    name: 'example-com',
    provider: 'google-apps',
    id: createDigits(21),
    options: { tenant_domain: 'example.com' },
  },
  oidc: {
    ...enterprise,
    name: 'corporate-oidc',
    provider: 'oidc',
    id: (random) => `corporate-oidc|${random.text(16)}`,
  },
  email: { name: 'email', provider: 'email', isSocial: false, method: 'email', id: (random) => random.hex(24) },
  sms: { name: 'sms', provider: 'sms', isSocial: false, method: 'sms', id: (random) => random.hex(24) },
} as const satisfies Readonly<Record<string, FakeConnection>>

export type FakeStrategy = keyof typeof fakeConnections

function createGuid(random: FakeRandom): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`
}

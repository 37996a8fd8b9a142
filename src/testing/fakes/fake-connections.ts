import type { Metadata } from '../../profile/user/user.ts'
import type { Draw } from './fake-random.ts'

/** How users of one kind of connection look. */
export interface FakeConnection {
  /** The connection's name; where a tenant chooses it, one that it might choose. */
  readonly name: string
  /** `user.identities[0].provider`, which begins `user_id`. */
  readonly provider: string
  readonly isSocial: boolean
  /** How the user proved who they are: `context.authentication.methods[0].name`. */
  readonly method: 'pwd' | 'federated' | 'email' | 'sms'
  /** The user's id at the provider. */
  readonly id: (draw: Draw, person: Person) => string
  /** What this kind of connection tells besides. */
  readonly extra?: (person: Person, draw: Draw) => Metadata
  readonly options?: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly given: string
  readonly family: string
  readonly email: string
  readonly phone: string
  readonly domain: string
}

const digits = (length: number) => (draw: Draw) =>
  `1${Array.from({ length: length - 1 }, () => draw.below(10)).join('')}`
const social = { isSocial: true, method: 'federated' } as const
const enterprise = { isSocial: false, method: 'federated' } as const

/** By `context.connectionStrategy`. */
export const fakeConnections = {
  auth0: {
    name: 'Username-Password-Authentication',
    provider: 'auth0',
    isSocial: false,
    method: 'pwd',
    id: (draw) => draw.hex(24),
    extra: (_, draw) => ({ last_password_reset: `2026-0${1 + draw.below(9)}-1${draw.below(10)}T09:00:00.000Z` }),
  },
  'google-oauth2': {
    ...social,
    name: 'google-oauth2',
    provider: 'google-oauth2',
    id: digits(21),
    extra: () => ({ locale: 'en' }),
  },
  facebook: {
    ...social,
    name: 'facebook',
    provider: 'facebook',
    id: digits(17),
    extra: ({ given }, draw) => ({
      link: `https://www.facebook.com/app_scoped_user_id/${draw.text(20)}`,
      first_name: given,
    }),
  },
  github: {
    ...social,
    name: 'github',
    provider: 'github',
    id: digits(8),
    extra: ({ given }) => ({
      html_url: `https://github.com/${given.toLowerCase()}`,
      company: 'Analytical Engines',
      hireable: null,
    }),
  },
  linkedin: { ...social, name: 'linkedin', provider: 'linkedin', id: (draw) => draw.text(10) },
  twitter: {
    ...social,
    name: 'twitter',
    provider: 'twitter',
    id: digits(10),
    extra: ({ given }) => ({ screen_name: given.toLowerCase() }),
  },
  apple: { ...social, name: 'apple', provider: 'apple', id: (draw) => `00${draw.hex(32)}.0${draw.below(10)}42` },
  windowslive: { ...social, name: 'windowslive', provider: 'windowslive', id: (draw) => draw.hex(16) },
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
    id: (draw) => draw.text(43),
    extra: ({ email }, draw) => ({ upn: email, tenantid: guid(draw), oid: guid(draw), groups: ['Staff'] }),
    options: { tenant_domain: 'example.com', domain_aliases: ['example.com'] },
  },
  ad: {
    ...enterprise,
    name: 'corporate-ad',
    provider: 'ad',
    id: (draw) => `corporate-ad|${guid(draw)}`,
    extra: ({ given, family, domain }) => ({
      groups: ['Domain Users', 'Staff'],
      dn: `CN=${given} ${family},OU=Users,DC=${domain.split('.').join(',DC=')}`,
      sAMAccountName: given.toLowerCase(),
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
    id: digits(21),
    options: { tenant_domain: 'example.com' },
  },
  oidc: { ...enterprise, name: 'corporate-oidc', provider: 'oidc', id: (draw) => `corporate-oidc|${draw.text(16)}` },
  email: { name: 'email', provider: 'email', isSocial: false, method: 'email', id: (draw) => draw.hex(24) },
  sms: { name: 'sms', provider: 'sms', isSocial: false, method: 'sms', id: (draw) => draw.hex(24) },
} as const satisfies Readonly<Record<string, FakeConnection>>

export type FakeStrategy = keyof typeof fakeConnections

function guid(draw: Draw): string {
  return `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-a${draw.hex(3)}-${draw.hex(12)}`
}

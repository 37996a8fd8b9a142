import type { User } from '../user/user.ts'

type Claim = (user: User) => unknown

const own =
  (attribute: string): Claim =>
  (user) =>
    Object.hasOwn(user, attribute) ? user[attribute] : undefined

const firstOf =
  (...claims: readonly Claim[]): Claim =>
  (user) =>
    claims.map((claim) => claim(user)).find(isWorthTelling)

const numericDate =
  (attribute: string): Claim =>
  (user) =>
    toSeconds(own(attribute)(user))

/** Each claim of OpenID Connect Core 5.4, and the attribute that answers it where the names differ. */
const claimsByScope: Readonly<Record<string, Readonly<Record<string, Claim>>>> = {
  profile: {
    name: own('name'),
    family_name: own('family_name'),
    given_name: own('given_name'),
    middle_name: own('middle_name'),
    nickname: own('nickname'),
    preferred_username: firstOf(own('preferred_username'), own('username')),
    profile: own('profile'),
    picture: own('picture'),
    website: own('website'),
    gender: own('gender'),
    birthdate: own('birthdate'),
    zoneinfo: own('zoneinfo'),
    locale: own('locale'),
    updated_at: numericDate('updated_at'),
  },
  email: { email: own('email'), email_verified: own('email_verified') },
  address: { address: own('address') },
  phone: {
    phone_number: own('phone_number'),
    phone_number_verified: firstOf(own('phone_number_verified'), own('phone_verified')),
  },
}

/**
 * Picks the standard claims that the granted scopes ask for out of a profile.
 *
 * Absent, `null` and empty attributes give no claim (OpenID Connect Core 5.3.2). `updated_at` is in seconds since 1970.
 * `sub` is not among them: the issuer sets it. Source: OpenID Connect Core 5.4.
 */
export function claimsForScopes(user: User, scopes: readonly string[]): Record<string, unknown> {
  const wanted = Object.entries(claimsByScope).filter(([scope]) => scopes.includes(scope))
  const claims = wanted.flatMap(([, byName]) => Object.entries(byName))
  return Object.fromEntries(
    claims.map(([name, claim]) => [name, claim(user)]).filter(([, value]) => isWorthTelling(value)),
  )
}

function isWorthTelling(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Text and Date become whole seconds; a number already is one; what is no moment is left out. */
function toSeconds(moment: unknown): number | undefined {
  const ms = moment instanceof Date ? moment.getTime() : typeof moment === 'string' ? Date.parse(moment) : NaN
  const seconds = typeof moment === 'number' ? moment : Math.floor(ms / 1000)
  return Number.isFinite(seconds) ? seconds : undefined
}

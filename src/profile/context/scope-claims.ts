import type { User } from '../user/user.ts'

type ClaimReader = (user: User) => unknown

const readAttribute =
  (attribute: string): ClaimReader =>
  (user) =>
    Object.hasOwn(user, attribute) ? user[attribute] : undefined

const readFirst =
  (...claims: readonly ClaimReader[]): ClaimReader =>
  (user) =>
    claims.map((claim) => claim(user)).find(hasValue)

const readNumericDate =
  (attribute: string): ClaimReader =>
  (user) =>
    toSeconds(readAttribute(attribute)(user))

/** The claims of OpenID Connect Core 5.4 by scope, each with the attribute that holds it. */
const claimsByScope: Readonly<Record<string, Readonly<Record<string, ClaimReader>>>> = {
  profile: {
    name: readAttribute('name'),
    family_name: readAttribute('family_name'),
    given_name: readAttribute('given_name'),
    middle_name: readAttribute('middle_name'),
    nickname: readAttribute('nickname'),
    preferred_username: readFirst(readAttribute('preferred_username'), readAttribute('username')),
    profile: readAttribute('profile'),
    picture: readAttribute('picture'),
    website: readAttribute('website'),
    gender: readAttribute('gender'),
    birthdate: readAttribute('birthdate'),
    zoneinfo: readAttribute('zoneinfo'),
    locale: readAttribute('locale'),
    updated_at: readNumericDate('updated_at'),
  },
  email: { email: readAttribute('email'), email_verified: readAttribute('email_verified') },
  address: { address: readAttribute('address') },
  phone: {
    phone_number: readAttribute('phone_number'),
    phone_number_verified: readFirst(readAttribute('phone_number_verified'), readAttribute('phone_verified')),
  },
}

/**
 * Selects the standard claims of the granted scopes from a profile.
 *
 * Absent, `null` and empty attributes give no claim (OpenID Connect Core 5.3.2). `updated_at` is in seconds since 1970.
 * `sub` is not among them: the issuer sets it. Source: OpenID Connect Core 5.4.
 */
export function selectScopeClaims(user: User, scopes: readonly string[]): Record<string, unknown> {
  const scopeEntries = Object.entries(claimsByScope).filter(([scope]) => scopes.includes(scope))
  const claims = scopeEntries.flatMap(([, byName]) => Object.entries(byName))
  return Object.fromEntries(claims.map(([name, claim]) => [name, claim(user)]).filter(([, value]) => hasValue(value)))
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Converts text or a Date to whole seconds; a number is in seconds already; undefined if it is not a time. */
function toSeconds(moment: unknown): number | undefined {
  const ms = moment instanceof Date ? moment.getTime() : typeof moment === 'string' ? Date.parse(moment) : NaN
  const seconds = typeof moment === 'number' ? moment : Math.floor(ms / 1000)
  return Number.isFinite(seconds) ? seconds : undefined
}

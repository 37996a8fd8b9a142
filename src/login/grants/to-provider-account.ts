import type { Connection, SyncedAttribute } from '../../profile/context/connection.ts'
import { isEnterpriseStrategy, syncedAttributes, isProfileSynced } from '../../profile/context/connection.ts'
import type { ProviderAccount } from '../../store/contract/users.ts'
import type { AssertionClaims } from '../../tokens/assertion.ts'

/** Claims about the assertion, not about the user. */
const protocolClaims = new Set(
  'iss sub aud exp nbf iat jti azp nonce auth_time acr amr sid at_hash c_hash s_hash __proto__'.split(' '),
)

const maxDepth = 16

/** Maps an assertion's claims to an account; undefined if the claims do not fit a user of the store. */
export function toProviderAccount(claims: AssertionClaims, connection: Connection): ProviderAccount | undefined {
  const { name, strategy } = connection
  // Auth0's ids: `facebook|1`, but `oidc|acme|1`, because two connections of one strategy may both have a user 1.
  const id = name === strategy ? claims.sub : `${name}|${claims.sub}`
  const profileData = Object.fromEntries(Object.entries(claims).filter(([claim]) => !protocolClaims.has(claim)))
  if (!/^[^\s\p{Cc}\p{Cs}]{1,255}$/u.test(id) || isDeeper(profileData, maxDepth)) return undefined
  return {
    connection: name,
    provider: strategy,
    user_id: id,
    isSocial: !isEnterpriseStrategy(strategy),
    profileData,
    attributes: mapAttributes(claims),
    isSynced: isProfileSynced(connection),
  }
}

/** The OpenID Connect claim of an attribute, if its name differs. */
const claimNames: Partial<Record<SyncedAttribute, string>> = { phone_verified: 'phone_number_verified' }

/** Leaves out empty texts and values of the wrong type. */
function mapAttributes(claims: AssertionClaims): ProviderAccount['attributes'] {
  const values = syncedAttributes.map((name) => [name, claims[claimNames[name] ?? name]] as const)
  return Object.fromEntries(
    values.filter(([name, value]) =>
      name.endsWith('_verified') ? typeof value === 'boolean' : typeof value === 'string' && value !== '',
    ),
  )
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((member) => isDeeper(member, depth - 1))
}

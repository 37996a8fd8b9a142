import type { User } from '../../profile/user/user.ts'

type Claims = Readonly<Record<string, unknown>>

/** The attribute of each standard claim (OpenID Connect Core 1.0, 5.1), if its name differs. */
const attributeNames: Readonly<Record<string, string>> = {
  phone: 'phone_number',
  phone_number_verified: 'phone_verified',
  preferred_username: 'username',
}

const textAttributes = ['email', 'name', 'nickname', 'given_name', 'family_name', 'picture', 'username', 'phone_number']
const booleanAttributes = ['email_verified', 'phone_verified']

/** Maps an auth server's claims to a profile; leaves out empty texts, other claims and values of the wrong type. */
export function mapClaimsToUser(userId: string, claims: Claims): User {
  const user: User = { user_id: userId }
  for (const [claim, value] of Object.entries(claims)) {
    const name = attributeNames[claim] ?? claim
    const isText = textAttributes.includes(name) && typeof value === 'string' && value !== ''
    if (isText || (booleanAttributes.includes(name) && typeof value === 'boolean')) user[name] = value
  }
  return user
}

/** Claims that say who a token is from, for whom and how long: the issuer sets them, a rule never does. */
export const reservedClaims = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'azp',
  'nonce',
  'at_hash',
  'c_hash',
  'auth_time',
  'acr',
  'amr',
  'sid',
  'client_id',
  'scope',
  'cnf',
  'act',
] as const

/** The claims a rule may set, and the names of those it tried to set and may not, in the order it set them. */
export function removeReservedClaims(claims: Readonly<Record<string, unknown>>): {
  claims: Record<string, unknown>
  dropped: string[]
} {
  const names: readonly string[] = reservedClaims
  const entries = Object.entries(claims).filter(([name]) => !names.includes(name))
  return { claims: Object.fromEntries(entries), dropped: Object.keys(claims).filter((name) => names.includes(name)) }
}

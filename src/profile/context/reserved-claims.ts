/** Claims that only the issuer sets: who issued the token, for which subject and audience, and for how long. */
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

/** Splits a rule's claims into those that it may set and the names of the reserved ones, in their order. */
export function removeReservedClaims(claims: Readonly<Record<string, unknown>>): {
  claims: Record<string, unknown>
  dropped: string[]
} {
  const names: readonly string[] = reservedClaims
  const entries = Object.entries(claims).filter(([name]) => !names.includes(name))
  return { claims: Object.fromEntries(entries), dropped: Object.keys(claims).filter((name) => names.includes(name)) }
}

import { describe, expect, test } from 'vitest'
import { reservedClaims, removeReservedClaims } from '../../src/profile/context/reserved-claims.ts'
import { selectScopeClaims } from '../../src/profile/context/scope-claims.ts'
import type { User } from '../../src/profile/user/user.ts'

const grace: User = {
  user_id: 'auth0|1',
  email: 'grace@example.com',
  email_verified: false,
  name: 'Grace Hopper',
  given_name: '',
  username: 'grace',
  picture: 'https://example.com/grace.png',
  phone_number: '+15550100',
  phone_verified: true,
  address: { country: 'US' },
  updated_at: '2026-11-18T10:20:30.900Z',
  app_metadata: { roles: ['admin'] },
}

describe('claimsForScopes', () => {
  test('gives the profile claims that are there, and nothing else', () => {
    expect(selectScopeClaims(grace, ['openid', 'profile'])).toEqual({
      name: 'Grace Hopper',
      preferred_username: 'grace',
      picture: 'https://example.com/grace.png',
      updated_at: Math.floor(Date.parse('2026-11-18T10:20:30Z') / 1000),
    })
  })

  test.each([
    ['email', { email: 'grace@example.com', email_verified: false }],
    ['phone', { phone_number: '+15550100', phone_number_verified: true }],
    ['address', { address: { country: 'US' } }],
    ['openid', {}],
    ['constructor', {}],
  ])('answers the scope %s', (scope, claims) => {
    expect(selectScopeClaims(grace, [scope])).toEqual(claims)
  })

  test('joins the claims of several scopes', () => {
    expect(Object.keys(selectScopeClaims(grace, ['email', 'phone']))).toHaveLength(4)
  })

  test.each([
    [new Date('2026-11-18T10:20:30.900Z'), 1_794_997_230],
    [1_700_000_000, 1_700_000_000],
    ['yesterday', undefined],
    [new Date(NaN), undefined],
  ])('turns updated_at %s into seconds', (updated, seconds) => {
    const user = { updated_at: updated } as User
    expect(selectScopeClaims(user, ['profile'])['updated_at']).toBe(seconds)
  })

  test('prefers the standard name to the older one', () => {
    const user = { preferred_username: 'g', username: 'grace', phone_number_verified: false, phone_verified: true }
    expect(selectScopeClaims(user, ['profile', 'phone'])).toEqual({
      preferred_username: 'g',
      phone_number_verified: false,
    })
  })
})

describe('withoutReservedClaims', () => {
  test('keeps what a rule may set and names what it may not', () => {
    const claims = { 'https://example.com/roles': ['admin'], sub: 'someone else', exp: 9e9, email: 'x' }
    expect(removeReservedClaims(claims)).toEqual({
      claims: { 'https://example.com/roles': ['admin'], email: 'x' },
      dropped: ['sub', 'exp'],
    })
  })

  test('drops every claim that only the issuer may set', () => {
    const names = 'iss sub aud exp iat nbf jti azp nonce at_hash c_hash auth_time acr amr sid client_id scope cnf act'
    expect(reservedClaims).toEqual(names.split(' '))
    const all = Object.fromEntries(reservedClaims.map((name) => [name, 1]))
    expect(removeReservedClaims(all)).toEqual({ claims: {}, dropped: [...reservedClaims] })
  })

  test('a name that objects inherit is no reserved claim', () => {
    expect(removeReservedClaims({ constructor: 1 })).toEqual({ claims: { constructor: 1 }, dropped: [] })
  })
})

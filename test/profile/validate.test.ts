import { describe, expect, test } from 'vitest'
import { loginContextSchema, type LoginContext } from '../../src/profile/context/context.ts'
import { ruleSchema, type RuleInput } from '../../src/profile/rule/rule.ts'
import { userSchema, type User } from '../../src/profile/user/user.ts'
import { createValidator } from '../../src/profile/schema/create-validator.ts'

const user = createValidator<User>(userSchema, 'The user')
const context = createValidator<LoginContext>(loginContextSchema, 'The login context')
const rule = createValidator<RuleInput>(ruleSchema, 'The rule', 'INVALID_RULESET')

describe('a validator', () => {
  test('returns the very value that it was given', () => {
    const ada = { email: 'ada@example.com', created_at: new Date(0), updated_at: '2026-01-01', 'https://x/y': [1] }
    expect(user(ada)).toBe(ada)
    expect(user({})).toEqual({})
    expect(context({ protocol: 'one of tomorrow', request: { query: {}, extra: 1 } })).toBeDefined()
  })

  test.each([
    [user, null, 'The user is not valid: expected an object.'],
    [user, [], 'The user is not valid: expected an object.'],
    [user, { email: 1 }, 'The user is not valid at /email: expected a string.'],
    [user, { created_at: {} }, 'The user is not valid at /created_at: expected a string or a Date.'],
    [user, { last_login: null }, 'The user is not valid at /last_login: expected a string or a Date.'],
    [
      user,
      { identities: [{ connection: 'c', provider: 'p' }] },
      'The user is not valid at /identities/0: expected the property "user_id".',
    ],
    [
      context,
      { stats: { loginsCount: '3' } },
      'The login context is not valid at /stats/loginsCount: expected a number.',
    ],
    [
      context,
      { accessToken: { scope: 'openid' } },
      'The login context is not valid at /accessToken/scope: expected an array.',
    ],
    [rule, { name: 'a', script: 'x', order: -1 }, 'The rule is not valid at /order: expected a value >= 0.'],
    [rule, { name: 'a', script: ' ' }, 'The rule is not valid at /script: expected text that is not empty.'],
    [rule, { name: 'a', script: 'x', onError: 'log' }, 'The rule is not valid at /onError: expected "deny" or "skip".'],
    [rule, { name: 'a', script: 'x', enable: false }, 'The rule is not valid: expected no property "enable".'],
  ])('says in one sentence what is wrong (case %#)', (check, value, message) => {
    expect(() => check(value)).toThrow(expect.objectContaining({ message }))
  })

  test('throws the code it was made with, and the path for programs', () => {
    const wrong = { name: 'a', script: 'x', order: 'first' }
    expect(() => rule(wrong)).toThrow(
      expect.objectContaining({ code: 'INVALID_RULESET', details: { path: '/order', expected: 'a number' } }),
    )
    expect(() => user(1)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  test('can say which thing it looked at', () => {
    expect(() => rule({}, 'Rule 3')).toThrow('Rule 3 is not valid: expected the property "name".')
  })

  test('never repeats the value', () => {
    const secret = 'hunter2'
    const message = (() => {
      try {
        return user({ email_verified: secret }) && ''
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(message).toContain('/email_verified')
    expect(message).not.toContain(secret)
  })
})

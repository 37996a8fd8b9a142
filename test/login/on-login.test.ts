import { expect, test } from 'vitest'
import type { FinishedLogin } from '../../src/login/run/login-emitter.ts'
import { useLogin, valueOf } from './fixture.ts'

const logins: FinishedLogin[] = []
const { password } = useLogin('function rule(user, context, callback) { callback(null, user, context) }', {
  onLogin(login) {
    logins.push(login)
    throw new Error('A fault of the observer.')
  },
})

test('onLogin is called with every login that ends, and an exception of it does not fail the login', async () => {
  expect(valueOf(await password()).id_token).toBeDefined()
  expect(await password({ password: 'wrong' })).toMatchObject({ ok: false, code: 'invalid_grant' })
  expect(logins.map(({ log }) => log.type)).toEqual(['s', 'fp'])
  expect(logins.map(({ outcome }) => outcome?.outcome)).toEqual(['allow', undefined])
})

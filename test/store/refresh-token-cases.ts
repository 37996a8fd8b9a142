import { expect } from 'vitest'
import { login, token } from './login-cases.ts'
import type { Bench, StoreCases } from './store-case.ts'
import { ada } from './store-case.ts'

async function remembered({ store }: Bench) {
  await store.users.create(ada)
  await store.logins.remember(login)
  await store.logins.saveRefreshToken(token)
  return store.logins
}

const second = { ...token, tokenHash: 'b'.repeat(64) }

export const refreshTokenCases: StoreCases = {
  'gives a refresh token once': async (bench) => {
    const logins = await remembered(bench)
    expect(await logins.takeRefreshToken('c'.repeat(64))).toBeUndefined()
    expect(await logins.takeRefreshToken(token.tokenHash)).toEqual(token)
    expect(await logins.takeRefreshToken(token.tokenHash)).toBeUndefined()
  },

  'gives a refresh token to one of many who ask at the same moment': async (bench) => {
    const logins = await remembered(bench)
    const answers = await Promise.all(Array.from({ length: 20 }, () => logins.takeRefreshToken(token.tokenHash)))
    expect(answers.filter((answer) => answer !== undefined)).toEqual([token])
  },

  'ends the newer tokens of a login when an old one is used again, and no other login’s': async (bench) => {
    const logins = await remembered(bench)
    await logins.remember({ ...login, id: 'login-2' })
    const elsewhere = { ...token, tokenHash: 'd'.repeat(64), loginId: 'login-2' }
    await logins.saveRefreshToken(elsewhere)
    await logins.takeRefreshToken(token.tokenHash)
    await logins.saveRefreshToken(second)
    expect(await logins.takeRefreshToken(token.tokenHash)).toBeUndefined()
    expect(await logins.takeRefreshToken(second.tokenHash)).toBeUndefined()
    expect(await logins.takeRefreshToken(elsewhere.tokenHash)).toEqual(elsewhere)
  },

  'saves no refresh token of a login that is forgotten, and none twice': async (bench) => {
    const logins = await remembered(bench)
    await expect(logins.saveRefreshToken(token)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    const orphan = logins.saveRefreshToken({ ...second, loginId: 'login-9' })
    await expect(orphan).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
  },
}

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimsmith, startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-dev-'))
const file = join(folder, '10-plan.js')
const ruleOf = (line: string): string =>
  `function (user, context, callback) {\n  ${line}\n  callback(null, user, context)\n}`

let dev: Awaited<ReturnType<typeof startClaimsmith>>
let url = ''
let seen = 0

beforeAll(async () => {
  writeFileSync(file, ruleOf("user.plan = 'free'; user.at = Date.now()"))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  dev = await startClaimsmith(['dev', folder, '--port', String(port)], /playground: .*\n/, { NO_COLOR: '1' })
})
afterAll(() => {
  dev.child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** What is printed from the last look on, once it holds this. */
async function printed(sign: RegExp): Promise<string> {
  for (;;) {
    const text = dev.printed().slice(seen)
    if (sign.test(text)) {
      seen += text.length
      return text
    }
    await wait(10)
  }
}

test('begins with how each login ends, and where the playground is', async () => {
  const text = await printed(/playground: /)
  expect(text).toMatch(/5 logins {2}\d+ ms/)
  expect(text.match(/ allow$/gm)).toHaveLength(5)
  expect(text).toContain(`${url}/playground`)
})

test('a save shows what it changed in which logins, and nothing that changes by itself', async () => {
  writeFileSync(file, ruleOf("user.plan = user.email_verified ? 'gold' : 'free'; user.at = Date.now()"))
  const text = await printed(/10-plan\.js .*\n[^]*\n\n/)
  expect(text).toMatch(/^10-plan\.js {2}3 of 5 logins changed {2}\d+ ms\n/m)
  expect(text).toContain('~ user.plan  "free" → "gold"')
  expect(text).not.toContain('user.at')
})

test('a syntax error is shown with file, line and column, and the rules stay as they were', async () => {
  writeFileSync(file, 'function (user, context, callback) {\n  callback(null, user,, context)\n}')
  expect(await printed(/Unexpected/)).toContain(`${file}:2:23: `)
  const rules = await logIn()
  expect(rules).toMatchObject({ plan: 'gold' })
})

test('a rule saved in the playground is in its file, and runs', async () => {
  const { token } = (await (await fetch(`${url}/playground/api/session`)).json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const save = async (name: string): Promise<number> => {
    const body = JSON.stringify({ name, script: ruleOf("user.plan = 'saved'") })
    return (await fetch(`${url}/playground/api/rules`, { method: 'POST', headers, body })).status
  }
  expect(await save('10-plan')).toBe(200)
  await printed(/10-plan\.js .*logins changed/)
  expect(readFileSync(file, 'utf8')).toContain("'saved'")
  expect(await logIn()).toMatchObject({ plan: 'saved' })
  expect(await save('../outside')).toBe(400)
  expect(await save('20-new')).toBe(200)
  await printed(/20-new\.js/)
  expect(readFileSync(join(folder, '20-new.js'), 'utf8')).toContain("'saved'")
})

test('ends when it is told to', async () => {
  dev.child.kill('SIGINT')
  const [exitCode] = (await once(dev.child, 'exit')) as [number | null]
  expect(exitCode).toBe(0)
})

test('says what is wrong with a folder that is not there, and a login that is none', async () => {
  const missing = await claimsmith('dev', join(folder, 'none'))
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('there is no such file or folder')])
})

/** The profile of a real login by password. */
async function logIn(): Promise<unknown> {
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'demo-app',
    client_secret: 'demo-app-secret',
    username: 'ada@example.com',
    password: 'correct horse battery staple',
  })
  const { access_token: token } = (await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  return await (await fetch(`${url}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).json()
}

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

const ruleOf = (line: string): string =>
  `function (user, context, callback) {\n  ${line}\n  callback(null, user, context)\n}`

interface Dev {
  readonly folder: string
  readonly file: string
  readonly url: string
  /** What is printed after the last call, once it matches. */
  printed(sign: RegExp): Promise<string>
  /** Ends it as Ctrl+C does, and answers the exit code. */
  interrupt(): Promise<number | null>
}

/** Starts `claimsmith dev` over one rule, which has run when this resolves. */
async function startDev(): Promise<Dev> {
  const folder = temporaryFolder({ '10-plan.js': ruleOf("user.plan = 'free'; user.at = Date.now()") })
  const port = await freePort()
  const args = ['dev', folder, '--port', String(port)]
  const dev = await startClaimsmith(args, /playground: .*\n/, { NO_COLOR: '1' })
  onTestFinished(() => void dev.child.kill('SIGKILL'))
  let seen = 0
  return {
    folder,
    file: join(folder, '10-plan.js'),
    url: `http://127.0.0.1:${port}`,
    async printed(sign) {
      await expect.poll(() => dev.printed().slice(seen), { timeout: 15_000, interval: 10 }).toMatch(sign)
      const text = dev.printed().slice(seen)
      seen += text.length
      return text
    },
    async interrupt() {
      dev.child.kill('SIGINT')
      const [exitCode] = (await once(dev.child, 'exit')) as [number | null]
      return exitCode
    },
  }
}

test('begins with how each login ends, and where the playground is', async () => {
  const { folder, url, printed } = await startDev()
  const text = await printed(/playground: /)
  expect(text).toMatch(/5 logins {2}\d+ ms/)
  expect(text.match(/ allow$/gm)).toHaveLength(5)
  const labels = text.match(/^ {2}\d .*(?= {2}allow$)/gm)?.map((line) => line.slice(4))
  expect(new Set(labels).size).toBe(5)
  expect(labels?.[1]).toBe('ada@example.com oidc-basic-profile demo-app user.email_verified=false')
  expect(text).toContain(`claimsmith ready on ${url}\nwatching ${folder}\nplayground: ${url}/playground\n`)
})

test('a save shows what it changed in which logins, and nothing that changes by itself', async () => {
  const { file, printed } = await startDev()
  await printed(/playground: /)
  writeFileSync(file, ruleOf("user.plan = user.email_verified ? 'gold' : 'free'; user.at = Date.now()"))
  const text = await printed(/10-plan\.js .*\n[^]*\n\n/)
  expect(text).toMatch(/^10-plan\.js {2}3 of 5 logins changed {2}\d+ ms\n/m)
  expect(text).toContain('~ user.plan  "free" → "gold"')
  expect(text).not.toContain('user.at')
})

test('says why no rule runs, when the last one is disabled', async () => {
  const { folder, printed } = await startDev()
  await printed(/playground: /)
  writeFileSync(join(folder, '10-plan.json'), '{ "enabled": false }')
  expect(await printed(/disabled/)).toContain('No rule runs in a login:\n  disabled: 10-plan\n')
})

test('a syntax error is shown with file, line and column, and the rules stay as they were', async () => {
  const { file, url, printed } = await startDev()
  await printed(/playground: /)
  writeFileSync(file, 'function (user, context, callback) {\n  callback(null, user,, context)\n}')
  expect(await printed(/Unexpected/)).toContain(`${file}:2:23: `)
  expect(await logIn(url)).toMatchObject({ plan: 'free' })
})

test('a rule saved in the playground is in its file, and runs', async () => {
  const { folder, file, url, printed } = await startDev()
  await printed(/playground: /)
  const { token } = (await (await fetch(`${url}/playground/api/session`)).json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const save = async (name: string): Promise<number> => {
    const body = JSON.stringify({ name, script: ruleOf("user.plan = 'saved'") })
    return (await fetch(`${url}/playground/api/rules`, { method: 'POST', headers, body })).status
  }
  expect(await save('10-plan')).toBe(200)
  await printed(/10-plan\.js .*logins changed/)
  expect(readFileSync(file, 'utf8')).toContain("'saved'")
  expect(await logIn(url)).toMatchObject({ plan: 'saved' })
  expect(await save('../outside')).toBe(400)
  expect(await save('20-new')).toBe(200)
  await printed(/20-new\.js/)
  expect(readFileSync(join(folder, '20-new.js'), 'utf8')).toContain("'saved'")
})

test('ends when it is told to', async () => {
  const { interrupt } = await startDev()
  expect(await interrupt()).toBe(0)
})

/** The profile of a real login by password. */
async function logIn(url: string): Promise<unknown> {
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

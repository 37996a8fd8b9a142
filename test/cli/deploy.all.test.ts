import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

/** The deploy tool alone takes 10 s and more for each run. */
const deployTimeoutMs = 240_000
const shell = promisify(execFile)
const deployTool = createRequire(import.meta.url).resolve('auth0-deploy-cli')
const folder = mkdtempSync(join(tmpdir(), 'claimsmith-deploy-'))
const domain = `127.0.0.1:${await freePort()}`
const url = `https://${domain}`
let server: ChildProcess
let certificate = ''
let dispatcher: Agent

/** What is deployed: two rules in the tool's own layout, and a value for them. */
const rules = {
  'First rule': { script: rule(`user.order = ['first']; user.greeting = configuration.GREETING;`), order: 1 },
  'Second-rule': { script: rule(`user.order.push('second');`), order: 2 },
}

function rule(body: string): string {
  return `function (user, context, callback) {\n  ${body}\n  callback(null, user, context);\n}\n`
}

beforeAll(async () => {
  const args = ['serve', '--demo', '--https', '--port', new URL(url).port]
  const started = await startClaimsmith(args, /The rules are in/)
  server = started.child
  certificate = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(started.printed())?.[1] ?? ''
  dispatcher = new Agent({ connect: { ca: readFileSync(certificate) } })
  writeFolder()
}, deployTimeoutMs)

afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  await dispatcher.close()
  rmSync(folder, { recursive: true })
})

function writeFolder(): void {
  const configuration = {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: 'demo-management',
    AUTH0_CLIENT_SECRET: 'demo-management-secret',
    AUTH0_INCLUDED_ONLY: ['rules', 'rulesConfigs'],
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration))
  for (const part of ['rules', 'rules-configs']) mkdirSync(join(folder, 'tenant', part), { recursive: true })
  for (const [name, { script, order }] of Object.entries(rules)) {
    const metadata = { enabled: true, script: `./${name}.js`, name, order, stage: 'login_success' }
    writeFileSync(join(folder, 'tenant/rules', `${name}.js`), script)
    writeFileSync(join(folder, 'tenant/rules', `${name}.json`), JSON.stringify(metadata, undefined, 2))
  }
  const value = JSON.stringify({ key: 'GREETING', value: 'hello' })
  writeFileSync(join(folder, 'tenant/rules-configs/GREETING.json'), value)
}

async function a0deploy(...args: string[]): Promise<string> {
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: certificate }
  const all = [deployTool, ...args, '--config_file', join(folder, 'config.json')]
  const { stdout, stderr } = await shell(process.execPath, all, { cwd: folder, env: environment })
  return stdout + stderr
}

async function ask(path: string, form: Record<string, string> | undefined, token?: string): Promise<unknown> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
  const response = await fetch(`${url}${path}`, { ...body, headers, dispatcher })
  return await response.json()
}

async function profile(): Promise<unknown> {
  const app = { client_id: 'demo-app', client_secret: 'demo-app-secret', grant_type: 'password' }
  const ada = { username: 'ada@example.com', password: 'correct horse battery staple', scope: 'openid' }
  const { access_token: token } = (await ask('/oauth/token', { ...app, ...ada })) as { access_token: string }
  return await ask('/userinfo', undefined, token)
}

async function manage(method: string, path: string, body?: object): Promise<unknown> {
  const client = { client_id: 'demo-management', client_secret: 'demo-management-secret' }
  const grant = { ...client, grant_type: 'client_credentials', audience: `${url}/api/v2/` }
  const { access_token: token } = (await ask('/oauth/token', grant)) as { access_token: string }
  const response = await fetch(`${url}/api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    dispatcher,
  })
  return response.status === 204 ? undefined : await response.json()
}

beforeEach(async () => {
  for (const { id } of (await manage('GET', '/rules')) as { id: string }[]) await manage('DELETE', `/rules/${id}`)
  for (const { key } of (await manage('GET', '/rules-configs')) as { key: string }[]) {
    await manage('DELETE', `/rules-configs/${key}`)
  }
})

test(
  "Auth0's deploy tool shows what it would do, and does nothing, with --dry-run",
  async () => {
    const printed = await a0deploy('import', '--input_file', 'tenant', '--dry-run')
    expect(printed).toContain('First rule')
    expect(printed).toContain('CREATE')
    expect(await manage('GET', '/rules')).toEqual([])
    expect(await manage('GET', '/rules-configs')).toEqual([])
    expect(await profile()).not.toHaveProperty('greeting')
  },
  deployTimeoutMs,
)

test(
  'it deploys a folder, over a rule that has an order of another one, the rules run at the next login, and it exports them again',
  async () => {
    await manage('POST', '/rules', { name: 'Second-rule', script: rule('user.old = true;'), order: 1 })
    await a0deploy('import', '--input_file', 'tenant')
    expect(await manage('GET', '/rules?fields=name,order,enabled')).toEqual([
      { name: 'First rule', order: 1, enabled: true },
      { name: 'Second-rule', order: 2, enabled: true },
    ])
    const user = await profile()
    expect(user).toMatchObject({ greeting: 'hello', order: ['first', 'second'], roles: ['employee'] })
    expect(user).not.toHaveProperty('old')
    await a0deploy('export', '--format', 'directory', '--output_folder', 'exported')
    const [given, exported] = ['tenant', 'exported'].map((name) => contentOf(join(folder, name, 'rules')))
    expect(exported).toEqual(given)
    // No value of the configuration is ever shown.
    expect(readdirSync(join(folder, 'exported'))).not.toContain('rules-configs')
  },
  deployTimeoutMs,
)

/** The files of a folder; metadata as values, since the tool orders its keys as it likes. */
function contentOf(path: string): Record<string, unknown> {
  const files = readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')] as const)
  return Object.fromEntries(
    files.map(([name, text]) => [name, name.endsWith('.json') ? (JSON.parse(text) as unknown) : text]),
  )
}

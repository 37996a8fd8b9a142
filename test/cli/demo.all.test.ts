import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPage } from '../../scripts/docs/read-page.ts'
import { readBlocks } from '../docs/read-blocks.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { runClaimsmith, startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

const shell = promisify(execFile)
let demo: Awaited<ReturnType<typeof startClaimsmith>>
let port = 0

beforeAll(async () => {
  port = await freePort()
  demo = await startClaimsmith(['serve', '--demo', '--port', String(port)], /Try `claimsmith run`/)
})
afterAll(() => {
  demo.child.kill('SIGKILL')
})

/** The commands as printed: the lines that are indented, in their order. */
function printedCommands(): string[] {
  const lines = demo
    .printed()
    .split('\n')
    .filter((line) => line.startsWith('  '))
  return lines.join('\n').split(/\n(?= {2}(?:curl|TOKENS|ASSERTION|LIN|http))/)
}

test('the ready line says where it is', () => {
  expect(demo.printed()).toMatch(new RegExp(`^claimsmith ready on http://127\\.0\\.0\\.1:${port}\n`))
})

test('the commands work as printed: enriched, raw, refused', async () => {
  const [login = '', enriched = '', raw = '', refused = ''] = printedCommands()
  const ask = async (...commands: string[]): Promise<unknown> =>
    JSON.parse((await shell('sh', ['-c', commands.join('\n')])).stdout)
  expect(await ask(login, enriched)).toMatchObject({
    email: 'grace@example.com',
    roles: ['admin', 'employee'],
    picture: 'https://example.com/pictures/chosen-by-grace.png',
    'https://claimsmith.example/roles': ['admin', 'employee'],
    app_metadata: { last_login: { protocol: 'oauth2-password' } },
  })
  const claims = await ask(login, raw)
  expect(claims).toMatchObject({ picture: 'https://example.com/pictures/from-the-provider.png' })
  expect(claims).not.toHaveProperty('roles')
  expect(await ask(refused)).toEqual({
    error: 'access_denied',
    error_description: 'Access is limited to example.com and example.org.',
  })
})

test('a user from facebook logs in as printed; the picture she set wins, and the provider’s stays in her identity', async () => {
  const [assertion = '', login = '', enriched = ''] = printedCommands().slice(4)
  const { stdout } = await shell('sh', ['-c', [assertion, login, enriched].join('\n')])
  expect(JSON.parse(stdout)).toMatchObject({
    sub: 'facebook|10150000000000001',
    name: 'Lin Chen',
    picture: 'https://example.com/pictures/chosen-by-lin.png',
    identities: [{ connection: 'facebook', profileData: { picture: 'https://facebook.example/pictures/lin.png' } }],
  })
  const raw = [assertion, login, 'echo "$LIN"'].join('\n')
  const { id_token: idToken } = JSON.parse((await shell('sh', ['-c', raw])).stdout) as { id_token: string }
  const tokeninfo = await fetch(`http://127.0.0.1:${port}/tokeninfo`, {
    method: 'POST',
    body: new URLSearchParams({ id_token: idToken }),
  })
  expect(await tokeninfo.json()).toMatchObject({ picture: 'https://facebook.example/pictures/lin.png' })
})

test('the first page links to what the demo serves', async () => {
  const origin = `http://127.0.0.1:${port}`
  const page = await (await fetch(origin, { headers: { accept: 'text/html' } })).text()
  const paths = [...page.matchAll(/<a href="([^"]+)">/g)].map(([, path = '']) => path)
  expect(paths).toEqual(['/playground', '/api/v2/explorer', '/.well-known/openid-configuration', '/healthz'])
  const statuses = await Promise.all(paths.map(async (path) => (await fetch(origin + path)).status))
  expect(statuses).toEqual([200, 200, 200, 200])
  expect(await (await fetch(origin)).text()).toContain(`${origin}/playground`)
})

test('the explorer is where it says', async () => {
  const address = printedCommands().at(-1)?.trim() ?? ''
  expect(address).toBe(`http://127.0.0.1:${port}/api/v2/explorer`)
  expect((await fetch(address)).headers.get('content-type')).toContain('text/html')
})

test('the management client gets a token for the Management API', async () => {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'demo-management',
    client_secret: 'demo-management-secret',
  }
  const response = await fetch(`http://127.0.0.1:${port}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  expect(await response.json()).toMatchObject({ scope: expect.stringContaining('update:users_app_metadata') as string })
})

test('a port that is taken is told in a sentence, with exit code 1', async () => {
  expect(await runClaimsmith('serve', '--demo', '--port', String(port))).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `claimsmith: cannot listen on 127.0.0.1:${port}: another program uses it; choose another port\n`,
  })
})

test('the commands of the README are those that the demo prints', () => {
  const { blocks } = readBlocks(readPage('README.md'))
  const commands = blocks.map(({ code }) => code).filter((code) => code.includes('curl'))
  const printed = printedCommands().map((command) => command.trim().replaceAll(`:${port}/`, ':3000/'))
  expect(commands).toHaveLength(4)
  expect(printed).toEqual(expect.arrayContaining(commands))
})

test('ada is let in, with the picture and the role that rules gave her', async () => {
  const [login = '', enriched = ''] = printedCommands()
  const asAda = [login.replace('grace@', 'ada@'), enriched].join('\n')
  expect(JSON.parse((await shell('sh', ['-c', asAda])).stdout)).toMatchObject({
    email: 'ada@example.com',
    roles: ['employee'],
    plan: 'free',
    picture: 'https://claimsmith.example/pictures/nobody.png',
  })
})

test('with rules of your own, only what holds for any rules is printed', async () => {
  const folder = temporaryFolder({ 'own.js': 'function (user, context, callback) { callback(null, user, context) }' })
  const args = ['serve', '--demo', '--rules', folder, '--port', String(await freePort())]
  const { child, printed } = await startClaimsmith(args, /Try `claimsmith run`/)
  child.kill('SIGKILL')
  expect(printed().match(/^\d\. .*/gm)).toEqual([
    '1. Her profile as the rules enriched it:',
    "2. The raw claims of the same login's ID token:",
    '3. The Management API in a browser; authorize as demo-management, whose secret is demo-management-secret:',
  ])
  expect(printed()).not.toMatch(/mallory|lin\b|ASSERTION/)
  expect(printed()).toContain(`The rules are in ${folder}. `)
  expect(demo.printed().match(/^\d\. /gm)).toHaveLength(6)
})

test('SIGTERM ends it in peace', async () => {
  const { child } = await startClaimsmith(
    ['serve', '--demo', '--port', String(await freePort())],
    /Try `claimsmith run`/,
  )
  child.kill('SIGTERM')
  const [exitCode] = (await once(child, 'exit')) as [number]
  expect(exitCode).toBe(0)
})

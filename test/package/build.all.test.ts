import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../cli/free-port.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const copied = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts',
  'src',
  'schemas',
]
const checkout = mkdtempSync(join(tmpdir(), 'claimsmith-build-'))
const command = join(checkout, 'dist/cli/main.js')
const timeoutMs = 180_000

beforeAll(async () => {
  for (const name of [...copied, 'rules-examples']) cpSync(join(root, name), join(checkout, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'junction')
  await build()
}, timeoutMs)
afterAll(() => rmSync(checkout, { recursive: true }))

/** Builds the copy; resolves to the one line that the build prints. */
async function build(): Promise<string> {
  const { stdout } = await run(process.execPath, ['scripts/build.ts'], { cwd: checkout })
  return stdout.trim()
}

/** Changes the server, the worker and the guest, each so that its bundle is another one. */
function changeSources(): void {
  appendFileSync(join(checkout, 'src/http/handler.ts'), 'export const changed = true\n')
  for (const file of ['worker/main.ts', 'guest/hardened.ts']) {
    appendFileSync(join(checkout, 'src/sandbox', file), 'Object.assign(globalThis, { changed: true })\n')
  }
}

async function startServer(port: number): Promise<ChildProcess> {
  const server = spawn(process.execPath, [command, 'serve', '--demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port) },
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    if ((chunk as Buffer).includes('ready')) break
  }
  server.stdout.resume()
  return server
}

async function logIn(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      username: 'ada@example.com',
      password: 'correct horse battery staple',
      client_id: 'demo-app',
      client_secret: 'demo-app-secret',
      scope: 'openid',
    }),
  })
  return response.status
}

test.runIf(process.platform !== 'win32')('the command can be executed after a build', async () => {
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
  expect((await run(command, ['--version'], { env: { PATH: path } })).stdout.trim()).toBe(version)
})

test('the schemas in the repository are those that a build writes', () => {
  for (const name of ['check', 'outcome', 'recording']) {
    const file = `schemas/${name}.json`
    expect(readFileSync(join(checkout, file), 'utf8')).toBe(readFileSync(join(root, file), 'utf8'))
  }
})

test('a build after which nothing has changed leaves dist alone, and says so', async () => {
  const { ino } = statSync(join(checkout, 'dist'))
  expect(await build()).toBe('dist is up to date')
  expect(statSync(join(checkout, 'dist')).ino).toBe(ino)
})

test('a build that fails leaves dist as it was', { timeout: timeoutMs }, async () => {
  const file = join(checkout, 'src/index.ts')
  const before = readFileSync(file, 'utf8')
  const { ino } = statSync(join(checkout, 'dist'))
  appendFileSync(file, 'export const wrong: number = "text"\n')
  await expect(build()).rejects.toThrow('The build failed, and dist is as it was: the compiler found errors:')
  expect(statSync(join(checkout, 'dist')).ino).toBe(ino)
  rmSync(file)
  appendFileSync(file, before)
  expect(await build()).toBe('dist is up to date')
})

test(
  'a server answers logins while the package is built under it, and afterwards',
  { timeout: timeoutMs },
  async () => {
    const port = await freePort()
    const server = await startServer(port)
    expect(await logIn(port)).toBe(200)
    changeSources()
    const progress = { isOver: false }
    const building = build().finally(() => {
      progress.isOver = true
    })
    const statuses = new Set<number>()
    while (!progress.isOver) statuses.add(await logIn(port))
    expect(await building).toBe('dist: built modules, guest, worker')
    expect([...statuses, await logIn(port)]).toEqual([200, 200])
    if (process.platform !== 'linux') return
    // The next workers are of the version that the server has loaded.
    const before = workerPids(server.pid)
    for (const pid of before) process.kill(pid, 'SIGKILL')
    await expect.poll(() => before.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
    expect(await logIn(port)).toBe(200)
    const after = workerPids(server.pid).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'))
    expect(after.map((words) => words.includes('--eval'))).toEqual(before.map(() => true))
    server.kill('SIGTERM')
    expect((await once(server, 'exit'))[0]).toBe(0)
  },
)

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startClaimsmith } from '../cli/command.ts'
import { freePort } from '../cli/free-port.ts'
import { folderForTests } from '../rules/temporary-folder.ts'
import { type CommandResult, type Installation, installers, pack, run } from './installers.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  exports: Readonly<Record<string, string | { types: string }>>
}
/** Entry points that run inside a package which their users install. */
const needPeers = ['./testing/vitest']
/** The entry points with code: `./rules` has types only. */
const entryPoints = Object.keys(manifest.exports).filter(
  (name) => !needPeers.includes(name) && typeof manifest.exports[name] === 'string',
)

const claim = 'https://example.com/found'
const script = `function (user, context, callback) {
  context.idToken['${claim}'] = [_.upperCase('ada'), jwt.decode(jwt.sign({ a: 1 }, 'secret')).a, typeof request.post, require('lodash/fp').add(1, 2)];
  callback(null, user, context)
}`
const found = ['ADA', 1, 'function', 3]
/** hono is a dependency of ours, which npm hoists to where a project's own packages are. */
const stranger = `function (user, context, callback) { require('hono'); callback(null, user, context) }`

const root = mkdtempSync(join(tmpdir(), 'claimsmith-installed-'))
const rules = folderForTests({ 'find.js': script })
const strangers = folderForTests({ 'stranger.js': stranger })
let tarball = ''

beforeAll(async () => {
  tarball = await pack(root)
}, 60_000)
afterAll(() => {
  rmSync(root, { recursive: true })
})

describe.each(installers)('installed by %s', { timeout: 60_000 }, (layout, install) => {
  let installation: Installation = { unavailable: 'nothing has been installed yet' }
  const folder = (): string => ('folder' in installation ? installation.folder : '')

  beforeAll(async () => {
    installation = await install(root, tarball)
    if ('unavailable' in installation)
      process.stderr.write(`the package is not tested as installed: ${installation.unavailable}\n`)
  }, 300_000)
  beforeEach(({ skip }) => {
    if ('unavailable' in installation) skip(installation.unavailable)
  })

  /** Bundles in the cache are of this run. */
  const env = { ...process.env, XDG_CACHE_HOME: join(root, 'cache'), NO_COLOR: '1' }
  const runNode = (...args: string[]): Promise<CommandResult> => run(process.execPath, args, folder(), env)
  const mainFile = (): string => join(folder(), 'node_modules/claimsmith/dist/cli/main.js')
  /** Runs a program of the project, and reads what it prints. */
  async function runProgram(code: string): Promise<unknown> {
    writeFileSync(join(folder(), 'program.js'), code)
    const { stdout, output } = await runNode('program.js')
    return JSON.parse(stdout === '' ? JSON.stringify(output) : stdout)
  }

  test("a rule in a folder elsewhere finds Auth0's globals, and check says that it will", async () => {
    const { stdout, output } = await runNode(mainFile(), 'run', rules, '--json')
    expect(output).toContain('"outcome": "allow"')
    expect(JSON.parse(stdout)).toMatchObject({ claims: { idToken: { [claim]: found } } })
    const report = await runNode(mainFile(), 'check', rules, '--json')
    expect(JSON.parse(report.stdout)).toMatchObject({
      install: [],
      rules: [{ name: 'find', modules: [{ status: 'found' }] }],
    })
    expect(report.exitCode).toBe(0)
  })

  test('a rule does not find what is installed for claimsmith alone, and check says so', async () => {
    const { stdout } = await runNode(mainFile(), 'run', strangers, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'error',
      error: { code: 'MODULE_NOT_FOUND', rule: 'stranger' },
    })
    const report = await runNode(mainFile(), 'check', strangers, '--json')
    expect(JSON.parse(report.stdout)).toMatchObject({ verdict: 'will not run', install: ['hono'] })
  })

  test('an engine that is given the text of rules runs them with the same modules', async () => {
    const outcomes = await runProgram(`import { createEngine } from 'claimsmith'
      const engine = createEngine({ rules: [] })
      const outcomes = []
      for (const script of ${JSON.stringify([script, stranger])}) {
        await engine.replace([{ name: 'rule', script }])
        outcomes.push(await engine.run({ user: {}, context: { idToken: {} } }))
      }
      await engine.close()
      console.log(JSON.stringify(outcomes))`)
    expect(outcomes).toMatchObject([
      { outcome: 'allow', claims: { idToken: { [claim]: found } } },
      { outcome: 'error', error: { code: 'MODULE_NOT_FOUND' } },
    ])
  })

  test('a unit test runs the rule in the sandbox', async () => {
    const outcome = await runProgram(`import { loadRule, fakeUser, fakeContext } from 'claimsmith/testing'
      const rule = loadRule(${JSON.stringify(join(rules, 'find.js'))})
      console.log(JSON.stringify(await rule(fakeUser(), fakeContext())))`)
    expect(outcome).toMatchObject({ outcome: 'allow', claims: { idToken: { [claim]: found } } })
  })

  test('every entry point that needs no peer can be imported', async () => {
    const imported = await runProgram(`globalThis.expect = { extend() {}, addSnapshotSerializer() {} }
      const imported = []
      for (const name of ${JSON.stringify(entryPoints)}) {
        await import('claimsmith' + name.slice(1), name.endsWith('.json') ? { with: { type: 'json' } } : {})
        imported.push(name)
      }
      console.log(JSON.stringify(imported))`)
    expect(imported).toEqual(entryPoints)
  })

  test("rules that use Auth0's globals run without a load of esbuild", async () => {
    const loaded = await runProgram(`import { createEngine } from 'claimsmith'
      import { createRequire } from 'node:module'
      const engine = createEngine({ rules: [{ name: 'rule', script: ${JSON.stringify(script)} }] })
      const { outcome } = await engine.run({ user: {}, context: { idToken: {} } })
      await engine.close()
      const { cache } = createRequire(import.meta.url)
      console.log(JSON.stringify([outcome, Object.keys(cache).filter((file) => file.includes('esbuild'))]))`)
    expect(loaded).toEqual(['allow', []])
  })

  test('a package that is missing is named with its install line by what needs it', async ({ skip }) => {
    if (['npm link', 'pnpm with its global virtual store'].includes(layout))
      skip('claimsmith lies in a checkout that has them')
    const errors = await runProgram(`import { createProviderRules } from 'claimsmith/oidc-provider'
      import { createBetterAuthRules } from 'claimsmith/better-auth'
      import { openStore } from 'claimsmith/store'
      const needs = [
        () => openStore('postgres://127.0.0.1/database'),
        () => createProviderRules({ findUser: async () => undefined }),
        () => createBetterAuthRules({}),
        () => import('claimsmith/testing/vitest'),
      ]
      const errors = []
      for (const use of needs) {
        const error = await Promise.try(use).catch((error) => error)
        errors.push([error.code, error.details.package, error.message])
      }
      console.log(JSON.stringify(errors))`)
    expect(errors).toEqual(
      [
        ['pg', 'A store on PostgreSQL'],
        ['oidc-provider', 'createProviderRules()'],
        ['better-auth', 'createBetterAuthRules()'],
        ['vitest', 'claimsmith/testing/vitest'],
      ].map(([name, user]) => [
        'PACKAGE_MISSING',
        name,
        `${user} needs the package ${name}, which is not installed: run \`npm install ${name}\`.`,
      ]),
    )
    const { exitCode, output } = await runNode(mainFile(), 'serve', '--https', '--port', String(await freePort()))
    expect(output).toContain(
      '--https needs the package selfsigned, which is not installed: run `npm install selfsigned`.',
    )
    expect(exitCode).not.toBe(0)
  })

  test('at most 60 packages are installed', async ({ skip }) => {
    if (layout !== 'npm') skip('npm counts them')
    const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], folder(), env)
    // The first line is the project itself.
    expect(stdout.trim().split('\n').length - 1).toBeLessThanOrEqual(60)
  })

  test('npx claimsmith --version prints the version', async () => {
    const { stdout } = await run('npx', ['--no-install', 'claimsmith', '--version'], folder(), env)
    expect(stdout).toBe(`${manifest.version}\n`)
  })

  test('the demo has its rules and the pages that the build made', async () => {
    const port = await freePort()
    const { child } = await startClaimsmith(
      ['serve', '--demo', '--port', String(port)],
      /^claimsmith ready/m,
      env,
      mainFile(),
    )
    const paths = ['/playground', '/playground/app.js', '/api/v2/explorer/swagger-ui.js', '/api/v2/openapi.json']
    const statuses = await Promise.all(
      paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status),
    )
    child.kill('SIGKILL')
    expect(statuses).toEqual(paths.map(() => 200))
  })
})

import { once } from 'node:events'
import { request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished, expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { runClaimsmith, startClaimsmith } from './command.ts'
import { type DevTools, connectDevTools } from './dev-tools.ts'

const greet = `// Greets.
function greet(user, context, callback) {
  const greeting = 'hello ' + user.name;
  setTimeout(function () {
    user.greeting = greeting;
    callback(null, user, context);
  }, 1);
}
`

interface Inspected {
  readonly file: string
  readonly webSocketUrl: string
  readonly devTools: DevTools
  /** What the command prints on its standard output, when it has ended. */
  readonly outcome: Promise<{ outcome: string; user: Record<string, unknown> }>
}

/** Starts `claimsmith run --inspect` over these rules, with a debugger that is ready. */
async function inspected(files: Readonly<Record<string, string>>): Promise<Inspected> {
  const folder = temporaryFolder(files)
  const { child, printed } = await startClaimsmith(
    ['run', folder, '--json', '--inspect=0'],
    /Debugger listening on ws:.*\n/,
  )
  onTestFinished(() => void child.kill())
  const webSocketUrl = /ws:\S+/.exec(printed())![0]
  const outcome = once(child, 'close').then(() => JSON.parse(printed().slice(printed().indexOf('{'))) as never)
  // Where a test fails, nobody waits for it.
  outcome.catch(() => undefined)
  const devTools = await connectDevTools(webSocketUrl)
  return { file: pathToFileURL(join(folder, Object.keys(files)[0]!)).href, webSocketUrl, devTools, outcome }
}

test('stops at the first line of the rule, at a breakpoint in a callback, and shows the variables there', async () => {
  const { file, devTools, outcome } = await inspected({ 'greet.js': greet })
  await devTools.begin()
  const first = await devTools.paused()
  expect(first).toMatchObject({ url: file, line: 3, functionName: 'greet' })
  await devTools.call('Debugger.setBreakpointByUrl', { url: file, lineNumber: 4 })
  await devTools.call('Debugger.stepOver')
  expect(await devTools.paused()).toMatchObject({ url: file, line: 4 })
  await devTools.call('Debugger.resume')
  const second = await devTools.paused()
  expect(second).toMatchObject({ url: file, line: 5 })
  expect(await devTools.evaluate(second, 'greeting')).toBe('hello Ada Lovelace')
  await devTools.evaluate(second, 'user.seen = greeting.length')
  await devTools.call('Debugger.resume')
  expect(await outcome).toMatchObject({ outcome: 'allow', user: { greeting: 'hello Ada Lovelace', seen: 18 } })
})

test('steps from one rule into the next, past the code that runs them', async () => {
  const plain = (name: string): string =>
    `function ${name}(user, context, callback) {\n  callback(null, user, context);\n}\n`
  const { devTools, outcome } = await inspected({ 'a.js': plain('a'), 'b.js': plain('b') })
  await devTools.begin()
  expect(await devTools.paused()).toMatchObject({ functionName: 'a', line: 2 })
  const names = new Set<string>()
  for (let steps = 0; steps < 8 && !names.has('b'); steps++) {
    await devTools.call('Debugger.stepInto')
    const { functionName, url } = await devTools.paused()
    names.add(functionName)
    expect(url).toMatch(/\/[ab]\.js$/)
  }
  expect(names).toContain('b')
  await devTools.call('Debugger.resume')
  expect(await outcome).toMatchObject({ outcome: 'allow' })
})

test('an action stops in its handler', async () => {
  const script = `const words = require('util')
exports.onExecutePostLogin = async (event, api) => {
  await null
  api.idToken.setCustomClaim('https://example.com/x', 1)
}
`
  const { file, devTools, outcome } = await inspected({ 'tell.js': script })
  await devTools.begin()
  expect(await devTools.paused()).toMatchObject({ url: file, line: 3 })
  await devTools.call('Debugger.resume')
  expect(await outcome).toMatchObject({ outcome: 'allow' })
})

test('a rule that stands still goes on when the debugger leaves', async () => {
  const { devTools, outcome } = await inspected({ 'greet.js': greet })
  await devTools.begin()
  await devTools.paused()
  await devTools.close()
  expect(await outcome).toMatchObject({ outcome: 'allow', user: { greeting: 'hello Ada Lovelace' } })
})

test('a rule may use more CPU than it would have without a debugger', async () => {
  const script = `function slow(user, context, callback) {
  for (const until = Date.now() + 700; Date.now() < until; );
  callback(null, user, context);
}
`
  const { devTools, outcome } = await inspected({ 'slow.js': script })
  await devTools.begin()
  await devTools.paused()
  await devTools.call('Debugger.resume')
  expect(await outcome).toMatchObject({ outcome: 'allow' })
})

test('is found where debuggers look, and by nobody else', async () => {
  const { file, webSocketUrl, devTools, outcome } = await inspected({ 'greet.js': greet })
  const { origin, port } = new URL(webSocketUrl.replace('ws:', 'http:'))
  const [target] = (await (await fetch(`${origin}/json/list`)).json()) as Record<string, string>[]
  expect(target).toMatchObject({ type: 'node', webSocketDebuggerUrl: webSocketUrl, url: file.replace('/greet.js', '') })
  expect(target?.['devtoolsFrontendUrl']).toContain(webSocketUrl.replace('ws://', 'ws='))
  expect(await (await fetch(`${origin}/json/version`)).json()).toMatchObject({ 'Protocol-Version': '1.1' })
  expect(await statusUnderName(port, 'rebound.example')).toBe(404)
  await expect(connectDevTools(`${origin.replace('http:', 'ws:')}/guessed`)).rejects.toThrow('400')
  await expect(connectDevTools(webSocketUrl)).rejects.toThrow('400')
  await devTools.close()
  const other = await connectDevTools(webSocketUrl)
  await other.begin()
  await other.paused()
  await other.call('Debugger.resume')
  expect(await outcome).toMatchObject({ outcome: 'allow' })
})

test.each(['http', '99999', '-1'])('refuses --inspect=%s', async (port) => {
  const { exitCode, stderr } = await runClaimsmith('run', 'rules-examples', `--inspect=${port}`)
  expect(stderr).toContain(`--inspect=${port}: give a number from 0 to 65535; 0 takes a free port`)
  expect(exitCode).toBe(2)
})

/** What a page gets that has its own name point at this machine. */
function statusUnderName(port: string, name: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path: '/json/list', headers: { host: name } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })
}

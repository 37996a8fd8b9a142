import { rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { startSnapshotProcess } from '../../../src/sandbox/host/snapshot-process.ts'
import type { SnapshotAnswer, SnapshotRequest } from '../../../src/sandbox/wire/snapshot-messages.ts'
import { crawlScript } from '../crawl-script.ts'
import { cases, installPackages, writeScript } from './module-state-cases.ts'
import { buildTestProgram, startSnapshotRunner, testLimits } from './snapshot-runner.ts'

const folder = installPackages({
  'shows-stack': `exports.stack = new Error('start').stack`,
  'reads-clock': `exports.at = Date.now()`,
  'reads-date': `exports.at = new Date().getTime()`,
  'reads-random': `exports.id = Math.random()`,
  'reads-crypto': `exports.id = require('crypto').randomUUID()`,
  'reads-by-another': `exports.id = require('reads-random').id`,
  'reads-by-url': `exports.host = new URL('https://a.example/x').host`,
  'looks-around': `exports.found = [typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics, typeof WeakRef, typeof FinalizationRegistry]; exports.global = globalThis`,
  counts: `exports.mark = 'canary-of-a-module'; let count = 0; exports.next = () => ++count`,
  'keeps-intl': `exports.format = new Intl.NumberFormat('en')`,
  'never-ends': `for (;;);`,
  'fills-memory': `const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1))`,
  throws: `throw new Error('not today')`,
  'reads-later': `Promise.resolve().then(() => { exports.at = Date.now() })`,
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Two logins with a rule that leaves `read` in `user.seen`. */
async function seeTwice(read: string): Promise<unknown[]> {
  const runner = await startSnapshotRunner(buildTestProgram(folder, writeScript({ write: '', read })))
  try {
    const outcomes = [await runner.run({}), await runner.run({})]
    expect(outcomes.map(({ reason }) => reason)).toEqual([undefined, undefined])
    return outcomes.map(({ user }) => user['seen'])
  } finally {
    runner.close()
  }
}

describe('a context from a snapshot', { timeout: 60_000 }, () => {
  test('has modules that were started when the snapshot was made', async () => {
    const [first, second] = await seeTwice(`require('shows-stack').stack`)
    expect(first).toMatch(/prepareRealm.*\n +at boot /)
    expect(second).toBe(first)
  })

  test('shows a login nothing of an earlier one, in any package', async () => {
    const rules = Object.entries(cases).map(
      ([name, { write, read }]) => `if (user.case === ${JSON.stringify(name)}) {
        if (user.name === 'Alice') { ${write} }
        else user.seen = ${read};
      }`,
    )
    const script = `async function (user, context, callback) { ${rules.join(' ')} callback(null, user, context) }`
    const runner = await startSnapshotRunner(buildTestProgram(folder, script))
    for (const [name, { clean }] of Object.entries(cases)) {
      const first = await runner.run({ name: 'Alice', case: name })
      const { reason, user } = await runner.run({ name: 'Bob', case: name })
      expect([name, first.reason, reason]).toEqual([name, undefined, undefined])
      expect([name, user['seen']]).toEqual([name, clean])
    }
    runner.close()
  })

  test.each(['reads-clock', 'reads-date'])('%s: a module that reads the clock starts in each login', async (name) => {
    const [first, second] = await seeTwice(
      `await new Promise((resolve) => setTimeout(resolve, 2)).then(() => require('${name}').at)`,
    )
    expect(second).toBeGreaterThan(first as number)
  })

  test.each(['reads-random', 'reads-crypto', 'reads-by-another'])(
    '%s: no random value is that of another login',
    async (name) => {
      const [first, second] = await seeTwice(`[require('${name}').id, require('reads-by-another').id]`)
      expect(first).not.toEqual(second)
      expect((first as unknown[])[1]).not.toBe((second as unknown[])[1])
    },
  )

  test('random numbers of a login are its own', async () => {
    const [first, second] = await seeTwice(`[Math.random(), require('counts').next()]`)
    expect((first as number[])[0]).not.toBe((second as number[])[0])
    expect([(first as number[])[1], (second as number[])[1]]).toEqual([1, 1])
  })

  test('knows what the host always answers the same', async () => {
    expect(await seeTwice(`require('reads-by-url').host`)).toEqual(['a.example', 'a.example'])
  })

  test('has no memory that its limit does not count, neither for rules nor for modules', async () => {
    const own = `[typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics, typeof WeakRef, typeof FinalizationRegistry]`
    const names = `Object.getOwnPropertyNames(globalThis).filter((name) => /claimsmith/.test(name))`
    const all = Array(5).fill('undefined')
    const [seen] = await seeTwice(
      `[${own}, require('looks-around').found, ${names}, typeof require('looks-around').global.Atomics, typeof ArrayBuffer.prototype.resize]`,
    )
    expect(seen).toEqual([all, all, [], 'undefined', 'undefined'])
  })

  test('leads to nothing of the host, and to nothing that is not to be there', async () => {
    const limits = { ...testLimits, isolateHeapMb: 512, workerRssMb: 2_000, maxOutputBytes: 5_000_000 }
    const runner = await startSnapshotRunner(
      buildTestProgram(folder, crawlScript.replace('{', `{ require('counts');`)),
      limits,
    )
    const { reason, user } = await runner.run({})
    runner.close()
    expect(reason).toBeUndefined()
    expect(user).toMatchObject({ hosts: [], escapes: [] })
    expect(user['count']).toBeGreaterThan(5_000)
  })

  test('shares `global` with the contexts of other logins', async () => {
    const read = `[require('counts').next(), global.count = (global.count ?? 0) + 1]`
    expect(await seeTwice(read)).toEqual([
      [1, 1],
      [1, 2],
    ])
  })

  test('says of a module that cannot start what it says elsewhere', async () => {
    const read = `(() => { try { return require('throws') } catch (error) { return [error.code, error.message] } })()`
    const [first] = await seeTwice(read)
    expect(first).toEqual(['MODULE_REFUSED', "Module 'throws' cannot run here: not today"])
  })
})

describe('a snapshot that comes after the first login', { timeout: 60_000 }, () => {
  const isFromSnapshot = `require('shows-stack').stack.search(/prepareRealm.*\\n +at boot /) >= 0`

  async function seeBeforeAndAfter(read: string): Promise<unknown[]> {
    const runner = await startSnapshotRunner(
      buildTestProgram(folder, writeScript({ write: '', read })),
      testLimits,
      true,
    )
    const before = await runner.run({})
    runner.sendSnapshot()
    const after = await runner.run({})
    runner.close()
    return [before.user['seen'], after.user['seen']]
  }

  test('is used from then on', async () => {
    expect(await seeBeforeAndAfter(isFromSnapshot)).toEqual([false, true])
  })

  test('is not used if a login has left something on `global`, which stays', async () => {
    expect(await seeBeforeAndAfter(`[${isFromSnapshot}, (global.count = (global.count ?? 0) + 1)]`)).toEqual([
      [false, 1],
      [false, 2],
    ])
  })
})

test('a snapshot holds neither configuration nor secrets nor rules', { timeout: 60_000 }, async () => {
  const canaries = ['canary-of-configuration', 'canary-of-a-rule']
  const script = `function (user, context, callback) { require('counts'); /* canary-of-a-rule */ callback(null, user, context) }`
  const program = buildTestProgram(folder, script, { KEY: canaries[0] })
  const runner = await startSnapshotRunner(program)
  runner.close()
  const bytes = Buffer.from(runner.bytes)
  const findIn = (text: string): boolean => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))
  expect(canaries.map(findIn)).toEqual([false, false])
  // It does hold the text of modules, so the search says something.
  expect(findIn('canary-of-a-module')).toBe(true)
})

describe('a snapshot that cannot be made', { timeout: 60_000 }, () => {
  function make(name: string, maxMs: number, maxRssMb = 512): Promise<SnapshotAnswer> {
    const { modules } = buildTestProgram(folder, `function (u, c, cb) { require('${name}') }`)
    const { maxDepth, maxOutputBytes, maxLogBytes, maxLogLines, maxResponseBytes } = testLimits
    const request: SnapshotRequest = {
      type: 'make-snapshot',
      code: modules?.code ?? '',
      limits: { maxDepth, maxOutputBytes, maxLogBytes, maxLogLines, maxResponseBytes },
      modules: { failures: {}, reasons: {}, provided: {} },
      clockReaders: [],
      isolateHeapMb: 64,
      timeoutMs: maxMs * 2,
    }
    return new Promise((resolve) => startSnapshotProcess(request, { maxMs, maxRssMb }, resolve))
  }

  test.each([
    ['never-ends', 4_000, 512, /^it took longer than 4000 ms$/],
    ['fills-memory', 30_000, 300, /^it needed more than 300 MB$|^a module ended its process|memory/],
    ['keeps-intl', 30_000, 512, /^a module ended its process/],
    ['reads-later', 30_000, 512, /after it has started/],
  ])('%s: its process is ended, and says why', async (name, maxMs, maxRssMb, reason) => {
    const keepAlive = setInterval(() => undefined, 1_000)
    const answer = await make(name, maxMs, maxRssMb)
    clearInterval(keepAlive)
    expect(answer).toEqual({ type: 'no-snapshot', reason: expect.stringMatching(reason) as string })
  })

  test('is told once, and logins run without', async () => {
    const script = writeScript({ write: '', read: `require('keeps-intl').format.format(1000)` })
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    const engine = createEngine({ rules: [{ name: 'uses', script }], modulesFolder: folder, limits: { workers: 1 } })
    const keepAlive = setInterval(() => undefined, 1_000)
    const { message } = await warned
    clearInterval(keepAlive)
    expect(message).toMatch(
      /^every login evaluates its packages anew \(keeps-intl\), because there is no snapshot of them: /,
    )
    const { user } = await engine.run({ user: {}, context: {} })
    await engine.close()
    expect(user['seen']).toBe('1,000')
  })
})

test('snapshots is true or false', () => {
  const create = () => createEngine({ rules: [], snapshots: 'no' as unknown as boolean })
  expect(create).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: "snapshots is 'no'; give true or false" }),
  )
})

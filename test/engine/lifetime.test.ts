import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { workerPids } from '../sandbox/worker-pids.ts'
import { login, rule, useEngine } from './use-engine.ts'

const pass = 'callback(null, user, context);'

describe('an engine', () => {
  const { engine, run } = useEngine()

  test('ends a login on the rules it began with', async () => {
    const slow = rule(`setTimeout(function () { user.version = 1; ${pass} }, 50);`)
    await engine.replace([{ name: 'v', script: slow }])
    const under = engine.run(login)
    await engine.replace([{ name: 'v', script: rule(`user.version = 2; ${pass}`) }])
    const after = await engine.run(login)
    expect([(await under).user['version'], after.user['version']]).toEqual([1, 2])
  })

  test('keeps its rules where new ones have a syntax error', async () => {
    await run(rule(`user.kept = true; ${pass}`))
    await expect(engine.replace([{ name: 'bad', script: 'function (' }])).rejects.toMatchObject({
      code: 'RULE_SYNTAX',
      details: { line: 1 },
    })
    expect((await engine.run(login)).user).toMatchObject({ kept: true })
  })

  test('takes a configuration with new rules, and its own again with later ones', async () => {
    const show = [{ name: 'show', script: rule(`user.told = configuration.TOLD; ${pass}`) }]
    await engine.replace(show, { TOLD: 'yes' })
    expect((await engine.run(login)).user['told']).toBe('yes')
    await engine.replace(show)
    expect((await engine.run(login)).user['told']).toBeUndefined()
  })

  test('without rules lets every login through', async () => {
    expect(await run([])).toMatchObject({ outcome: 'allow', rules: [] })
  })

  test.each([
    ['no user', { user: undefined }, /login\.user is not an object/],
    ['a list as context', { user: {}, context: [] }, /login\.context is not an object/],
    ['a function in the user', { user: { f: () => 1 } }, /\/user\/f is a function/],
    ['a user that contains itself', { user: cyclic() }, /refers back/],
  ])('refuses %s with a sentence', async (_what, bad, sentence) => {
    await run(rule(pass))
    await expect(engine.run(bad as never)).rejects.toThrow(sentence)
    await expect(engine.run(bad as never)).rejects.toMatchObject({ code: 'INVALID_LOGIN' })
  })

  test('leaves the login that it was given as it was', async () => {
    const user = Object.freeze({ name: 'Ada', user_metadata: Object.freeze({}) })
    const outcome = await run(rule(`user.user_metadata.x = 1; user.name = 'Eve'; ${pass}`), { user })
    expect([user, outcome.user['name']]).toEqual([{ name: 'Ada', user_metadata: {} }, 'Eve'])
  })
})

test('a closed engine ends what is under way, and says that it is closed', async () => {
  const engine = createEngine({
    rules: [{ name: 'slow', script: rule(`setTimeout(function () { ${pass} }, 30);`) }],
    limits: { workers: 1 },
  })
  const under = engine.run(login)
  await engine.close()
  expect((await under).outcome).toBe('allow')
  await expect(engine.run(login)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
  await expect(engine.replace([])).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
  await engine.close()
})

test('createEngine refuses rules that are not right, with what would be', () => {
  expect(() => createEngine({ rules: [{ name: 'x', script: '1 + 1' }] })).toThrow(/x/)
  expect(() => createEngine({ rules: '/no/such/folder' })).toThrow(/\/no\/such\/folder/)
})

function cyclic(): object {
  const user: Record<string, unknown> = {}
  user['self'] = user
  return user
}

/** Handles of child processes: each worker has one from its start until this process has heard of its end. */
function countProcessHandles(): number {
  const { libuv } = process.report.getReport() as { readonly libuv: readonly { readonly type: string }[] }
  return libuv.filter(({ type }) => type === 'process').length
}

test.runIf(process.platform === 'linux')('an engine that cannot be made leaves no worker behind', async () => {
  const [handles, pids] = [countProcessHandles(), workerPids()]
  expect(() => createEngine({ rules: [{ name: 'bad', script: 'function (' }] })).toThrow(/bad/)
  expect(countProcessHandles()).toBeGreaterThan(handles)
  await expect.poll(() => workerPids().filter((pid) => !pids.includes(pid))).toEqual([])
})

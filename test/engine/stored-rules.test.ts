import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import type { RuleSource, VersionedRules } from '../../src/engine/ports/rule-source.ts'
import type { RuleInput } from '../../src/profile/rule/rule.ts'
import { login, rule } from './use-engine.ts'

vi.setConfig({ testTimeout: 60_000 })

/** A store of rules in memory, and the ways in which one may behave. */
interface Shelf extends RuleSource {
  put(rules: readonly RuleInput[], configuration?: Record<string, string>): void
  readonly refusals: unknown[]
  loads: number
  /** Waited for before a load answers. */
  hold: Promise<void> | undefined
}

function shelf(rules: readonly RuleInput[]): Shelf {
  let now: VersionedRules = { version: 1, rules, configuration: {} }
  return {
    initial: now,
    refusals: [],
    loads: 0,
    hold: undefined,
    put(next, configuration = {}) {
      now = { version: now.version + 1, rules: next, configuration }
    },
    version: async () => now.version,
    async load() {
      this.loads += 1
      const found = now
      await this.hold
      return found
    },
    onInvalidRules(error) {
      this.refusals.push(error)
    },
  }
}

function start(options: EngineOptions): Engine {
  // Wide: what is shown here is which rules run, on a machine that may be busy.
  const limits = {
    workers: 1,
    cpuPerRuleMs: 10_000,
    cpuPerLoginMs: 15_000,
    wallPerRuleMs: 30_000,
    wallPerLoginMs: 45_000,
  }
  const engine = createEngine({ ...options, limits })
  onTestFinished(() => engine.close())
  return engine
}

/** A rule that appends its mark to `user.marks`. */
function mark(name: string, text = name): RuleInput {
  return { name, script: rule(`user.marks = (user.marks || '') + '${text}'; callback(null, user, context);`) }
}

async function marksOf(engine: Engine): Promise<unknown> {
  return (await engine.run(login)).user['marks']
}

test('stored rules run after the others, and a change runs at the next login', async () => {
  const stored = shelf([
    { ...mark('c'), order: 2 },
    { ...mark('b'), order: 1 },
  ])
  const engine = start({ rules: [{ ...mark('a'), order: 9 }], ruleSource: stored })
  expect(await marksOf(engine)).toBe('abc')
  stored.put([mark('d')])
  expect(await marksOf(engine)).toBe('ad')
  stored.put([])
  expect([await marksOf(engine), await marksOf(engine), stored.loads]).toEqual(['a', 'a', 2])
})

test('a stored rule runs in the place of one with its name, and where it is disabled neither does', async () => {
  const stored = shelf([mark('a', 'A')])
  const engine = start({ rules: [mark('a'), mark('b')], ruleSource: stored })
  expect(await marksOf(engine)).toBe('Ab')
  stored.put([{ ...mark('a', 'A'), enabled: false }])
  expect(await marksOf(engine)).toBe('b')
})

test('stored configuration values win over those that the engine was given', async () => {
  const show = {
    name: 'show',
    script: rule('user.marks = JSON.stringify(configuration); callback(null, user, context);'),
  }
  const stored = shelf([])
  const engine = start({ rules: [show], configuration: { A: 'own', B: 'own' }, ruleSource: stored })
  expect(await marksOf(engine)).toBe('{"A":"own","B":"own"}')
  stored.put([], { B: 'stored', C: 'stored' })
  expect(await marksOf(engine)).toBe('{"A":"own","B":"stored","C":"stored"}')
})

test('a stored rule that cannot run leaves the rules before it in place, and is told once', async () => {
  const stored = shelf([mark('good')])
  const engine = start({ rules: [], ruleSource: stored })
  stored.put([mark('good'), { name: 'bad', script: 'function (' }])
  expect([await marksOf(engine), await marksOf(engine)]).toEqual(['good', 'good'])
  expect(stored.refusals).toMatchObject([{ code: 'RULE_SYNTAX', details: { rule: 'bad', line: 1 } }])
  await engine.replace([mark('own')])
  expect(await marksOf(engine)).toBe('owngood')
  stored.put([mark('better')])
  expect(await marksOf(engine)).toBe('ownbetter')
})

test('an engine does not begin with stored rules that cannot run', () => {
  expect(() => createEngine({ rules: [], ruleSource: shelf([{ name: 'bad', script: '1' }]) })).toThrow(/bad/)
})

test('a login ends on the rules it began with, while another already runs new ones', async () => {
  const slow = (text: string): RuleInput => ({
    name: 'slow',
    script: rule(`setTimeout(function () { user.marks = '${text}'; callback(null, user, context); }, 50);`),
  })
  const stored = shelf([slow('old')])
  const engine = start({ rules: [], ruleSource: stored })
  await engine.run(login)
  const before = marksOf(engine)
  // The login has asked for the version when a later one has, too.
  await stored.version()
  stored.put([slow('new')])
  expect(await Promise.all([before, marksOf(engine)])).toEqual(['old', 'new'])
})

test('a login does not run what an earlier load found, where it came after a later change', async () => {
  const stored = shelf([mark('first')])
  const engine = start({ rules: [], ruleSource: stored })
  const { promise, resolve } = Promise.withResolvers<void>()
  stored.hold = promise
  stored.put([mark('second')])
  const second = marksOf(engine)
  await expect.poll(() => stored.loads).toBe(1)
  stored.put([mark('third')])
  const third = marksOf(engine)
  resolve()
  expect(await Promise.all([second, third])).toEqual(['second', 'third'])
})

test('where the version cannot be had, the login fails, and the next one works', async () => {
  const stored = shelf([mark('a')])
  let broken = true
  const version = async (): Promise<number> => {
    if (broken) throw new Error('no database')
    return 1
  }
  const engine = start({ rules: [], ruleSource: { ...stored, version } })
  await expect(engine.run(login)).rejects.toThrow('no database')
  broken = false
  expect(await marksOf(engine)).toBe('a')
})

test('stored rules find their modules in the folder that the engine was given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-modules-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules/greeter'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/greeter/index.js'), `module.exports = 'from the folder'`)
  const script = rule(`user.marks = require('greeter'); callback(null, user, context);`)
  const engine = start({ rules: [], ruleSource: shelf([{ name: 'greet', script }]), modulesFolder: folder })
  expect(await marksOf(engine)).toBe('from the folder')
})

import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../../engine/use-engine.ts'
import { ownGlobals, ownModules } from './crawl-modules.ts'

const cpuMs = 20_000
const { engine } = useEngine({ limits: { cpuPerRuleMs: cpuMs, cpuPerLoginMs: cpuMs, wallPerRuleMs: cpuMs } })

/** Walks to what a module leads to, and leaves a mark at each place; counts the places and the marks of an earlier login. */
function crawl(root: string): string {
  return rule(`
    const seen = new Set(), queue = [${root}]
    const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
    let marks = 0
    while (queue.length > 0 && seen.size < 20000) {
      const value = queue.pop()
      // Data of the login itself, such as the bytes of a Buffer, has no place in it.
      if (!isObject(value) || seen.has(value) || ArrayBuffer.isView(value)) continue
      seen.add(value)
      if (Object.prototype.hasOwnProperty.call(value, 'markOfAnEarlierLogin')) marks++
      queue.push(Object.getPrototypeOf(value))
      for (const key of Reflect.ownKeys(value)) {
        const { get, set, value: member } = Object.getOwnPropertyDescriptor(value, key)
        queue.push(get, set, member)
        if (get !== undefined) try { queue.push(value[key]) } catch {}
      }
    }
    for (const value of seen)
      if (value !== globalThis) try { Object.defineProperty(value, 'markOfAnEarlierLogin', { value: 1 }) } catch {}
    user.places = seen.size
    user.marks = marks
    callback(null, user, context)`)
}

/** A module may need others of ours, which must not be forgotten if no rule requires them. */
describe(
  'a ruleset with one module of ours alone: a login finds no mark of an earlier one',
  { timeout: 60_000 },
  () => {
    const roots = [...ownModules.map((name) => [name, `require('${name}')`]), ...ownGlobals.map((name) => [name, name])]
    test.each(roots)('%s', async (name, root) => {
      await engine.replace([{ name: `crawl ${name}`, script: crawl(root ?? '') }])
      const outcomes = [await engine.run({ user: {} }), await engine.run({ user: {} })]
      for (const { outcome, reason, user } of outcomes) {
        expect([outcome, reason]).toEqual(['allow', undefined])
        expect(user['marks']).toBe(0)
        expect(user['places']).toBeGreaterThan(1)
      }
    })
  },
)

import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'

const all = { page: 0, perPage: 50 }
const script = 'function (user, context, callback) { callback(null, user, context) }'

export const ruleCases: StoreCases = {
  'keeps rules in order, with what they do not say filled in': async ({ store }) => {
    const late = await store.rules.create({ name: 'Late', script, order: 2.5 })
    const early = await store.rules.create({ name: 'early', script, order: 1, enabled: false })
    const last = await store.rules.create({ name: 'last-1', script })
    const failure = await store.rules.create({ name: 'failure', script, stage: 'login_failure' })
    expect(late).toEqual({
      id: expect.stringMatching(/^rul_\w{16}$/),
      name: 'Late',
      script,
      order: 2.5,
      enabled: true,
      stage: 'login_success',
    })
    expect([last.order, failure.order]).toEqual([3.5, 1])
    expect(await store.rules.get(early.id)).toEqual(early)
    expect(await store.rules.list(all)).toEqual({ rules: [failure, early, late, last], total: 4 })
    expect(await store.rules.list({ page: 1, perPage: 1, enabled: true })).toEqual({ rules: [late], total: 3 })
    expect(await store.rules.getCurrent()).toEqual({ version: 4, rules: [early, late, last], configuration: {} })
  },

  'changes and deletes a rule': async ({ store }) => {
    const { id } = await store.rules.create({ name: 'one', script })
    const changed = { name: 'two', script: `${script};`, order: 7, enabled: false }
    const whole = { id, ...changed, stage: 'login_success' }
    expect(await store.rules.update(id, { ...changed, order: undefined } as never)).toEqual({ ...whole, order: 1 })
    expect(await store.rules.update(id, { order: 7 })).toEqual(whole)
    expect(await store.rules.update(id, {})).toEqual(whole)
    expect(await store.rules.get(id)).toEqual(whole)
    expect(await store.rules.update('rul_none', { order: 1 })).toBeUndefined()
    expect([await store.rules.delete(id), await store.rules.delete(id)]).toEqual([true, false])
  },

  'refuses a name, or an order in a stage, that another rule has, and changes nothing': async ({ store }) => {
    const first = await store.rules.create({ name: 'first', script, order: 1 })
    const second = await store.rules.create({ name: 'second', script, order: 2 })
    const version = await store.rules.getVersion()
    const order = { code: 'STORE_CONFLICT', message: 'A rule with the same order already exists' }
    const name = { code: 'STORE_CONFLICT', message: 'A rule with the same name already exists' }
    await expect(store.rules.create({ name: 'third', script, order: 1 })).rejects.toMatchObject(order)
    await expect(store.rules.create({ name: 'first', script })).rejects.toMatchObject(name)
    await expect(store.rules.update(second.id, { order: 1 })).rejects.toMatchObject(order)
    await expect(store.rules.update(second.id, { name: 'first' })).rejects.toMatchObject(name)
    expect(await store.rules.list(all)).toEqual({ rules: [first, second], total: 2 })
    expect(await store.rules.getVersion()).toBe(version)
    await store.rules.create({ name: 'elsewhere', script, order: 1, stage: 'pre_authorize' })
  },

  'is filled at once, or not at all, where nothing is yet': async ({ store }) => {
    const rules = [
      { name: 'first', script },
      { name: 'second', script, order: 5 },
    ]
    const configuration = { KEY: 'value', OTHER: 'too' }
    const version = await store.rules.getVersion()
    const twice = { rules: [...rules, { name: 'first', script }], configuration }
    await expect(store.rules.createAll(twice)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    const wrong = { rules, configuration: { ...configuration, 'no key': 'x' } }
    await expect(store.rules.createAll(wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await store.rules.getCurrent()).toEqual({ version, rules: [], configuration: {} })
    await store.rules.createAll({ rules, configuration })
    expect(await store.rules.getCurrent()).toMatchObject({
      version: version + 1,
      rules: [
        { name: 'first', order: 1 },
        { name: 'second', order: 5 },
      ],
      configuration,
    })
    const more = { rules: [{ name: 'third', script }], configuration: {} }
    await expect(store.rules.createAll(more)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    for (const { id } of (await store.rules.list(all)).rules) await store.rules.delete(id)
    await expect(store.rules.createAll(more)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
  },

  'refuses what is no rule and no configuration value': async ({ store }) => {
    const invalid = { code: 'INVALID_ARGUMENT' }
    for (const wrong of [
      { name: '-a', script },
      { name: 'a', script: '' },
      { name: 'a', script, order: -1 },
      { name: 'a', script, stage: 'later' },
      { name: 'a', script, id: 'rul_mine' },
    ]) {
      await expect(store.rules.create(wrong as never)).rejects.toMatchObject(invalid)
    }
    const { id } = await store.rules.create({ name: 'a', script })
    await expect(store.rules.update(id, { stage: 'login_failure' } as never)).rejects.toMatchObject(invalid)
    await expect(store.rules.setConfig('a key', 'v')).rejects.toMatchObject(invalid)
    await expect(store.rules.setConfig('KEY', 'v'.repeat(20_481))).rejects.toMatchObject(invalid)
  },

  'keeps configuration values, and shows their names': async ({ store }) => {
    await store.rules.setConfig('B', '2')
    await store.rules.setConfig('A:x', '')
    await store.rules.setConfig('B', '3')
    expect(await store.rules.listConfigKeys()).toEqual(['A:x', 'B'])
    expect((await store.rules.getCurrent()).configuration).toEqual({ 'A:x': '', B: '3' })
    expect([await store.rules.deleteConfig('B'), await store.rules.deleteConfig('B')]).toEqual([true, false])
    expect(await store.rules.listConfigKeys()).toEqual(['A:x'])
  },

  'counts every change': async ({ store }) => {
    const versions = [await store.rules.getVersion()]
    const note = async (): Promise<number> => versions.push(await store.rules.getVersion())
    const { id } = await store.rules.create({ name: 'a', script })
    await note()
    await store.rules.update(id, { enabled: false })
    await note()
    await store.rules.setConfig('K', 'v')
    await note()
    await store.rules.deleteConfig('K')
    await note()
    await store.rules.delete(id)
    await note()
    expect(versions).toEqual([...new Set(versions)].toSorted((one, other) => one - other))
    expect(versions).toHaveLength(6)
  },

  'of rules that are made at once, each gets an order of its own': async ({ store }) => {
    const names = Array.from({ length: 10 }, (_, index) => `rule ${index}`)
    const made = await Promise.all(names.map((name) => store.rules.create({ name, script })))
    expect(made.map(({ order }) => order).toSorted((one, other) => one - other)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
    const rivals = await Promise.allSettled(
      names.map((name) => store.rules.create({ name: `${name}b`, script, order: 99 })),
    )
    expect(rivals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  },
}

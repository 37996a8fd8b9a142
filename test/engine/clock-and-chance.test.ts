import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { action, login, rule } from './use-engine.ts'

const instant = Date.parse('2020-02-29T12:00:00.000Z')
const stands = { startMs: instant, moves: false }

/** Every way to ask for the time, and every way to draw at random. */
const everything = rule(`
  const moment = require('moment'), crypto = require('crypto'), uuid = require('uuid'), lodash = require('lodash');
  class Later extends Date {}
  user.times = [
    Date.now(), new Date().getTime(), +new Date, new Later().getTime(), Reflect.construct(Date, []).getTime(),
    Date.parse(Date()), moment().valueOf(), lodash.now(), Math.round(process.uptime()), process.hrtime().join(),
    new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'short' }).format(),
    new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).formatToParts().map(({ value }) => value).join(''),
  ];
  user.draws = [
    Math.random(), lodash.random(1e9), lodash.shuffle([1, 2, 3, 4, 5, 6, 7, 8]).join(), crypto.randomBytes(16).toString('hex'),
    crypto.randomUUID(), crypto.randomInt(1e9), uuid.v4(), uuid.v1(), crypto.getRandomValues(new Uint32Array(2)).join(),
    crypto.webcrypto.getRandomValues(new Uint8Array(4)).join(),
  ];
  callback(null, user, context);`)

const engines = (['hardened', 'fresh'] as const).map((realm) => ({
  realm,
  engine: createEngine({
    rules: [{ name: 'all', script: everything }],
    modulesFolder: process.cwd(),
    realm,
    limits: { workers: 1 },
  }),
}))
afterAll(async () => {
  for (const { engine } of engines) await engine.close()
})

test.each(engines)('a clock that stands shows its instant, whoever asks ($realm)', async ({ engine }) => {
  const { user } = await engine.run(login, { time: stands })
  const texts = [0, '0,0', '2/29/20, 12:00 PM', '2/29/2020']
  expect(user['times']).toEqual([...Array.from({ length: 8 }, () => instant), ...texts])
})

test.each(engines)('the login after it sees the machine’s clock again ($realm)', async ({ engine }) => {
  const before = Date.now()
  const { user } = await engine.run(login)
  const times = (user['times'] as number[]).slice(0, 5)
  expect(times.every((ms) => ms >= before && ms <= Date.now())).toBe(true)
})

test.each(engines)('a clock that moves goes on from its instant ($realm)', async ({ realm }) => {
  const script = rule(`const first = Date.now();
    setTimeout(() => { user.times = [first, Date.now()]; callback(null, user, context) }, 30);`)
  const engine = createEngine({ rules: [{ name: 'later', script }], realm, limits: { workers: 1 } })
  const { user } = await engine.run(login, { time: { startMs: instant, moves: true } })
  await engine.close()
  const [first, second] = user['times'] as [number, number]
  expect(first).toBeGreaterThanOrEqual(instant)
  expect(second - first).toBeGreaterThanOrEqual(25)
  expect(second).toBeLessThan(instant + 60_000)
})

test.each(engines)('one seed draws the same, another seed and no seed draw otherwise ($realm)', async ({ engine }) => {
  const draws = async (seed?: string) => {
    const options = { time: stands, ...(seed === undefined ? {} : { seed }) }
    return (await engine.run(login, options)).user['draws'] as unknown[]
  }
  const [one, same, other, free, freeAgain] = [
    await draws('one'),
    await draws('one'),
    await draws('other'),
    await draws(),
    await draws(),
  ]
  expect(same).toEqual(one)
  for (const [index, drawn] of one.entries()) {
    expect([other[index], free[index]], String(index)).not.toContain(drawn)
    expect(freeAgain[index]).not.toBe(free[index])
  }
  expect(one[0]).toBeGreaterThanOrEqual(0)
  expect(one[0]).toBeLessThan(1)
  expect(one[4]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})

test('actions see the login’s time: in tokens, and in what the cache keeps', async () => {
  const script = action(`
    const { record } = api.cache.set('key', 'value', { ttl: 1000 });
    const token = api.redirect.encodeToken({ secret: 'a secret', payload: {} });
    api.idToken.setCustomClaim('seen', [record.expires_at, JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).iat]);
`)
  const engine = createEngine({ rules: [{ name: 'act', script }], limits: { workers: 1 } })
  const { claims } = await engine.run(login, { time: stands })
  await engine.close()
  expect(claims.idToken['seen']).toEqual([instant + 1000, instant / 1000])
})

test('rules take a date for a date, whichever clock it came from', async () => {
  const script = rule(`
    user.facts = [new Date() instanceof Date, Date.name, Date.length, typeof Date(), new Date(5).getTime(),
      new Date(2020, 0).getFullYear(), Date.UTC(2020, 0), isNaN(new Date('x')), isNaN(new Date(undefined))];
    callback(null, user, context)`)
  const engine = createEngine({ rules: [{ name: 'dates', script }], limits: { workers: 1 } })
  const facts = [true, 'Date', 7, 'string', 5, 2020, Date.UTC(2020, 0), true, true]
  for (const options of [{}, { time: stands }]) expect((await engine.run(login, options)).user['facts']).toEqual(facts)
  await expect(engine.run(login, { time: { startMs: Number.NaN, moves: true } })).rejects.toThrow(
    'time.startMs is NaN; give milliseconds since 1970',
  )
  await engine.close()
})

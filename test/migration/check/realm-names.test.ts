import { expect, test } from 'vitest'
import { realmNames } from '../../../src/migration/check/realm-names.ts'
import { useEngine } from '../../engine/use-engine.ts'

const bench = useEngine()
const inFunctions = new Set(['arguments', 'undefined'])

test('the names that a report takes for known are those that rules find', async () => {
  const script = `function (user, context, callback) {
    var found = {};
    ${[...realmNames]
      .filter((name) => !inFunctions.has(name))
      .map((name) => `found[${JSON.stringify(name)}] = typeof ${name};`)
      .join('\n')}
    user.missing = Object.keys(found).filter(function (name) { return found[name] === 'undefined'; });
    user.more = Object.getOwnPropertyNames(globalThis);
    callback(null, user, context);
  }`
  const { user, reason } = await bench.run(script)
  expect(reason).toBeUndefined()
  expect(user['missing']).toEqual([])
  expect((user['more'] as string[]).filter((name) => !realmNames.has(name))).toEqual([])
})

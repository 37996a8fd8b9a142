import { expect, test } from 'vitest'
import { resolveLimits } from '../../src/engine/options/engine-limits.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { defaultLimits, limitRanges } from '../../src/sandbox/wire/limits.ts'
import { login, rule } from './use-engine.ts'

test.each<[limits: unknown, sentence: string]>([
  [{ workers: 0 }, 'limits.workers is 0; a whole number from 1 to 1000 belongs there'],
  [{ workers: -1 }, 'limits.workers is -1;'],
  [{ workers: 1.5 }, 'limits.workers is 1.5;'],
  [{ workers: '2' }, "limits.workers is '2';"],
  [{ workers: null }, 'limits.workers is null;'],
  [{ workers: Number.NaN }, 'limits.workers is NaN;'],
  [{ maxRealms: 0 }, 'limits.maxRealms is 0;'],
  [{ maxIsolates: 0 }, 'limits.maxIsolates is 0;'],
  [{ wallPerLoginMs: 3e9 }, 'limits.wallPerLoginMs is 3000000000; a whole number from 1 to 86400000 belongs there'],
  [{ wallPerRuleMs: 1e12 }, 'limits.wallPerRuleMs is 1000000000000;'],
  [{ cpuPerRuleMs: Infinity }, 'limits.cpuPerRuleMs is Infinity;'],
  [{ isolateHeapMb: 7 }, 'limits.isolateHeapMb is 7; a whole number from 8 '],
  [{ maxSourceBytes: 1_000_001 }, 'limits.maxSourceBytes is 1000001; a whole number from 1 to 1000000 '],
  [{ wallPerRule: 1 }, 'limits: there is no limit wallPerRule; did you mean wallPerRuleMs?'],
  [{ MaxRealms: 1 }, 'did you mean maxRealms?'],
  [{ patience: 1 }, 'limits: there is no limit patience; there are cpuPerRuleMs, '],
  [[], 'limits: an array was given; an object belongs there'],
  ['many', 'limits: a string was given;'],
  [null, 'limits: null was given;'],
])('an engine refuses the limits %o: %s', (limits, sentence) => {
  expect(() => createEngine({ rules: [], limits: limits as object })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(sentence) }),
  )
})

test('a limit that is undefined is the default', () => {
  expect(resolveLimits({ workers: undefined } as object)).toMatchObject(defaultLimits)
})

test.each([0, 1])(
  'an engine runs logins with every limit at the end %d of its range that is no matter of taste',
  async (end) => {
    const edges = Object.entries(limitRanges).filter(([name]) => end === 1 || !needed.includes(name))
    const limits = { ...Object.fromEntries(edges.map(([name, range]) => [name, range[end] ?? 0])), workers: 1 }
    const script = rule('user.seen = true; callback(null, user, context);')
    const engine = createEngine({ rules: [{ name: 'sees', script }], limits })
    expect(await engine.run(login)).toMatchObject({ outcome: 'allow', user: { seen: true } })
    await engine.close()
  },
)

/** At their least, no rule can do anything. */
const needed = [
  'cpuPerRuleMs',
  'cpuPerLoginMs',
  'wallPerRuleMs',
  'wallPerLoginMs',
  'workerRssMb',
  'maxOutputBytes',
  'maxDepth',
]

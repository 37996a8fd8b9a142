import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import { measure, median } from './measure.ts'
import type { Figure } from './report.ts'

const coldStarts = 7
const file = fileURLToPath(new URL('../../rules-examples/30-default-picture.js', import.meta.url))
type Rule = (user: object, context: object, callback: () => void) => void

function cold(way: 'kit' | 'vm'): number {
  const script = fileURLToPath(new URL('kit-cold.ts', import.meta.url))
  const first = (): number => Number(execFileSync(process.execPath, [script, way], { encoding: 'utf8' }))
  return median(Array.from({ length: coldStarts }, first))
}

/** Microseconds of one call, one after the other, as tests make them. */
async function warm(): Promise<Map<string, number>> {
  const rule = loadRule(file)
  const plain = runInNewContext(`(${readFileSync(file, 'utf8')})`, { configuration: {} }) as Rule
  return measure(
    [
      ['kit', { run: async () => void (await rule(fakeUser(), fakeContext())), close: () => undefined }, 300],
      [
        'vm',
        { run: () => new Promise<void>((done) => plain(fakeUser(), fakeContext(), done)), close: () => undefined },
        3_000,
      ],
    ],
    1,
  )
}

/** Seconds that vitest takes, from its start to its end, for a file of so many tests; with `coverage`, and its report. */
function suite(tests: number, coverage: boolean): number {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-bench-'))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(resolve('.'), join(folder, 'node_modules/claimsmith'), 'junction')
    symlinkSync(resolve('node_modules/vitest'), join(folder, 'node_modules/vitest'), 'junction')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(folder, 'rules.test.js'),
      `import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
      import 'claimsmith/testing/vitest'
      import { expect, test } from 'vitest'
      const seeds = Array.from({ length: ${tests} }, (_, seed) => seed)
      test.each(seeds)('login %i', async (seed) => {
        const rule = loadRule(${JSON.stringify(file)}, { configuration: { DEFAULT_PICTURE_URL: String(seed) } })
        expect(await rule(fakeUser({}, { seed }), fakeContext({}, { seed }))).toAllow()
      })`,
    )
    const startedAtMs = performance.now()
    const vitest = [process.execPath, resolve('node_modules/vitest/vitest.mjs'), 'run']
    const [command = '', ...args] = coverage ? [process.execPath, ...covering, ...vitest] : vitest
    execFileSync(command, args, { cwd: folder, stdio: 'ignore' })
    return (performance.now() - startedAtMs) / 1_000
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const covering = [resolve('dist/cli/main.js'), 'coverage', '--']

/** What a unit test of a rule costs in the sandbox, beside the same rule loaded with `node:vm`. */
export async function kit(): Promise<Figure[]> {
  const firstMs = { kit: cold('kit'), vm: cold('vm') }
  const us = await warm()
  const [kitUs = Number.NaN, vmUs = Number.NaN] = [us.get('kit'), us.get('vm')]
  const plainS = suite(1_000, false)
  const coveredS = suite(1_000, true)
  return [
    { name: 'from loadRule to the first result, cold', value: firstMs.kit, unit: 'ms', most: 150 },
    { name: 'cold ÷ the same with node:vm', value: firstMs.kit / firstMs.vm, unit: '×' },
    { name: 'a call, warm', value: kitUs / 1_000, unit: 'ms', most: 2 },
    { name: 'warm ÷ the same with node:vm', value: kitUs / vmUs, unit: '×' },
    { name: 'vitest with 1,000 rule tests in one file', value: plainS, unit: 's', most: 5 },
    { name: 'the same under claimsmith coverage ÷ without', value: coveredS / plainS, unit: '×', most: 2 },
  ]
}

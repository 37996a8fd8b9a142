import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { batteryCases } from '../cases/index.ts'
import { nameCase } from '../cases/battery-case.ts'
import { batteryRows } from '../cases/rows.ts'
import { formatTable } from './table.ts'
import { type TrialResult, hasPassed, listTrials, runTrial } from './trial.ts'

// Each test starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'claimsmith-battery-'))
afterAll(() => rmSync(folder, { recursive: true }))

function battery(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

describe('the cases', () => {
  test('are found by a name that is theirs alone', () => {
    const names = batteryCases.map(nameCase)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('cover every row', () => {
    const ids = new Set<string>(batteryCases.map(({ id }) => id))
    expect(Object.keys(batteryRows).filter((id) => !ids.has(id))).toEqual([])
  })
})

describe('a trial', () => {
  const [loop] = listTrials(batteryCases, ['an endless loop (rule)'])
  if (loop === undefined) throw new Error('there is an endless loop')

  test('that ends as expected passes, each repeat of it', async () => {
    const result = await runTrial(loop, 2)
    expect([result.passed, result.complaints, hasPassed(result)]).toEqual([2, [], true])
  })

  test('that ends in another way fails, and says how it ended', async () => {
    const result = await runTrial({ ...loop, case: { ...loop.case, expected: 'RULE_MEMORY' } }, 2)
    expect([result.passed, result.complaints, hasPassed(result)]).toEqual([0, ['ended with RULE_CPU'], false])
  })

  test('whose process breaks fails, and says how', async () => {
    const result = await runTrial({ ...loop, case: { ...loop.case, mechanism: 'a case that is not there' } }, 1)
    expect(hasPassed(result)).toBe(false)
    expect(result.complaints).toEqual([expect.stringMatching(/^its process exited with 1: .*there is no case RX-01/s)])
  })

  test('that cannot run here is skipped with a reason', async () => {
    const result = await runTrial({ ...loop, case: { ...loop.case, findReasonToSkip: async () => 'no moon' } }, 1)
    expect([result.skipped, hasPassed(result)]).toEqual(['no moon', true])
    expect(formatTable([result])).toContain('skipped, because no moon')
  })
})

test('a table with one failure says so in its row, below it and in its sum', () => {
  const facts = { id: 'RX-01', class: 'cpu', mechanism: 'a | b', variant: 'rule', expected: 'RULE_CPU' } as const
  const passed: TrialResult = { ...facts, repeats: 2, passed: 2, seconds: 1, complaints: [] }
  const table = formatTable([passed, { ...passed, passed: 1, complaints: ['ended with allow'] }])
  expect(table).toContain('a \\| b')
  expect(table).toContain('**failed** 1 of 2')
  expect(table).toContain('- RX-01 a | b (rule): ended with allow')
  expect(table).toContain('2 trials of 1 rows: 1 passed, 1 failed, 0 skipped.')
})

describe('the command', () => {
  test('runs what --only says, writes the table, and exits with 0 if all passed', async () => {
    const output = join(folder, 'table.json')
    const { exitCode, stdout } = await battery('--only', 'an endless loop (rule)', '--repeats', '1', '--output', output)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 of 1')])
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject([{ id: 'RX-01', variant: 'rule', passed: 1 }])
  })

  test('lists the trials without running them', async () => {
    const { exitCode, stdout } = await battery('--list', '--only', 'JW-01')
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^JW-01 alg none .* \(host\): INVALID_TOKEN\n$/)])
  })

  test.each([
    [['--only', 'XX-99'], 'No case matches --only XX-99'],
    [['--repeats', 'many'], '--repeats is many; it takes a number from 1 to 9999.'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is a usage error', async (args, message) => {
    expect(await battery(...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) as string })
  })
})

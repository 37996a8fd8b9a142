import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { rule } from '../engine/use-engine.ts'

const isLinux = process.platform === 'linux'

/** The body of a rule that says that it ran. */
export const pass = `user.ran = true; callback(null, user, context)`

/** The outcome of a login in an engine with such workers. */
export async function runIn(
  worker: EngineOptions['worker'],
  body: string,
  limits: EngineOptions['limits'] = {},
): Promise<Outcome> {
  const engine = createEngine({
    rules: [{ name: 'one', script: rule(body) }],
    limits: { workers: 1, ...limits },
    ...(worker === undefined ? {} : { worker }),
  })
  onTestFinished(async () => engine.close())
  return engine.run({ user: { name: 'Ada' } })
}

type Command = readonly [what: string, command: readonly string[], isThere: boolean]

/** What must be true of a command that starts the worker. */
export function describeCommands(...commands: readonly Command[]): void {
  describe.skipIf(process.platform === 'win32').each(commands)('%s', (_what, command, isThere) => {
    test.skipIf(!isThere)('rules run', async () => {
      expect((await runIn({ command }, pass)).user['ran']).toBe(true)
    })

    test.skipIf(!isThere || !isLinux)('the memory of the worker is watched, not that of the command', async () => {
      const { error } = await runIn({ command }, `setTimeout(() => callback(null, user, context), 4000)`, {
        workerRssMb: 25,
      })
      expect(error?.code).toBe('RULE_MEMORY')
    })

    test.skipIf(!isThere)('a worker that never answers is killed, and its command with it', async () => {
      const { error } = await runIn({ command }, `for (;;) (7n ** (1n << 23n)).toString()`, {
        cpuPerRuleMs: 50,
        cpuPerLoginMs: 50,
      })
      expect(error?.code).toBe('RULE_CPU')
    })
  })
}

import type { RunAnswer } from '../../http/answers.ts'
import { call } from '../api.ts'
import { configurationKeys, name, problem, script, tell } from '../state.ts'
import { copiedTest } from './copied-test.ts'
import { fileOf, readObject } from './rule-actions.ts'

/** Runs the rule alone, and copies a test that expects what it came to. */
export async function copyTest(): Promise<void> {
  try {
    const login = { user: readObject('user'), context: readObject('context') }
    const given = { name: name.value, script: script.value, configuration: readObject('configuration'), ...login }
    const { outcome } = await call<RunAnswer>('POST', '/run', { what: 'rule', ...given })
    const file = fileOf(given.name).split(/[\\/]/).at(-1) ?? ''
    const text = copiedTest({ ...given, file, configurationKeys: configurationKeys.value, outcome })
    await navigator.clipboard.writeText(text)
    tell('The test is in the clipboard.')
  } catch (error) {
    problem.value = error as Error
  }
}

import type { RunResponse } from '../../http/api-types.ts'
import { callApi } from '../api.ts'
import { configurationKeys, name, lastError, script, showNotice } from '../state.ts'
import { generateTest } from './generate-test.ts'
import { findRuleFile, readObject } from './rule-actions.ts'

/** Runs the rule alone, and copies a test that expects what it came to. */
export async function copyTest(): Promise<void> {
  try {
    const login = { user: readObject('user'), context: readObject('context') }
    const ruleRun = { name: name.value, script: script.value, configuration: readObject('configuration'), ...login }
    const { outcome } = await callApi<RunResponse>('POST', '/run', { what: 'rule', ...ruleRun })
    const file = findRuleFile(ruleRun.name).split(/[\\/]/).at(-1) ?? ''
    const text = generateTest({ ...ruleRun, file, configurationKeys: configurationKeys.value, outcome })
    await navigator.clipboard.writeText(text)
    showNotice('The test is in the clipboard.')
  } catch (error) {
    lastError.value = error as Error
  }
}

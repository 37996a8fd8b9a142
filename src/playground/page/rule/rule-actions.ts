import type { RulesResponse, RunResponse, RuleResponse } from '../../http/api-types.ts'
import { ApiError, callApi } from '../api.ts'
import {
  configurationKeys,
  inputs,
  isRunning,
  name,
  lastError,
  recording,
  result,
  rules,
  savesTo,
  script,
  showNotice,
  runMode,
} from '../state.ts'
import { generateTest } from './generate-test.ts'

const newRule = `function newRule(user, context, callback) {
  callback(null, user, context);
}
`

export async function loadRules(): Promise<void> {
  const response = await callApi<RulesResponse>('GET', '/rules')
  rules.value = response.rules
  configurationKeys.value = response.configurationKeys
  savesTo.value = response.savesTo
}

/** Puts a rule into the editor; without a name, a new one. */
export function chooseRule(ruleName: string | undefined): void {
  const rule = rules.value.find((candidate) => candidate.name === ruleName)
  name.value = rule?.name ?? findFreeName()
  script.value = rule?.script ?? newRule
  lastError.value = undefined
}

function findFreeName(): string {
  const usedNames = new Set(rules.value.map((rule) => rule.name))
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? 'new-rule' : `new-rule-${number}`
    if (!usedNames.has(candidate)) return candidate
  }
}

/** The file of a rule. Its extension tells the language. */
export function findRuleFile(rule: string): string {
  return rules.value.find((candidate) => candidate.name === rule)?.file ?? `${rule}.js`
}

/** Runs what is in the editor over the login in the tabs. */
export async function startRun(): Promise<void> {
  if (isRunning.value) return
  isRunning.value = true
  lastError.value = undefined
  try {
    const before = { user: readObject('user'), context: readObject('context') }
    const configuration = readObject('configuration')
    const editedRule = name.value
    const recordingParam = recording.value === '' ? {} : { recording: recording.value }
    const body = {
      what: runMode.value,
      name: editedRule,
      script: script.value,
      ...before,
      configuration,
      ...recordingParam,
    }
    const response = await callApi<RunResponse>('POST', '/run', body)
    result.value = { ...response, before, editedRule }
    showNotice(`The run ended: ${response.outcome.outcome}.`, false)
  } catch (error) {
    lastError.value = error as Error
    result.value = undefined
  } finally {
    isRunning.value = false
    showResults()
  }
}

/** Scrolls to the result if it is below the editors, as on a narrow screen. */
function showResults(): void {
  if (!matchMedia('(max-width: 900px)').matches) return
  document.querySelector('#results')?.scrollIntoView({ block: 'start' })
}

/** Saves what is in the editor under its name. */
export async function saveRule(): Promise<void> {
  lastError.value = undefined
  try {
    const savedRule = await callApi<RuleResponse>('POST', '/rules', { name: name.value, script: script.value })
    await loadRules()
    name.value = savedRule.name
    const destination = savedRule.place === 'store' ? 'in the store' : `in ${savedRule.file}`
    showNotice(`Saved ${destination}. The next login runs it.`)
  } catch (error) {
    lastError.value = error as Error
  }
}

/** Runs the rule alone, and copies a test that expects the same outcome. */
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

/** Reads the object in a tab. @throws {Error} if it is not a JSON object; the message names the tab */
export function readObject(tab: keyof typeof inputs): Record<string, unknown> {
  const text = inputs[tab].value.trim()
  const value = parseJson(text === '' ? '{}' : text, tab)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`The tab ${tab} holds no JSON object; write { … }.`)
}

function parseJson(text: string, tab: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`The tab ${tab} holds no JSON: ${(error as Error).message}`, { cause: error })
  }
}

/** The place of an error in the editor; undefined if the error is about something else. */
export function locateError(error: Error | undefined): { readonly line: number; readonly column: number } | undefined {
  if (!(error instanceof ApiError) || error.line === undefined || error.rule !== name.value) return undefined
  return { line: error.line, column: error.column ?? 1 }
}

import type { RulesAnswer, RunAnswer, ShownRule } from '../../http/answers.ts'
import { ApiError, call } from '../api.ts'
import {
  configurationKeys,
  inputs,
  isRunning,
  name,
  problem,
  recording,
  result,
  rules,
  savesTo,
  script,
  tell,
  what,
} from '../state.ts'

const newRule = `function newRule(user, context, callback) {
  callback(null, user, context);
}
`

export async function loadRules(): Promise<void> {
  const answer = await call<RulesAnswer>('GET', '/rules')
  rules.value = answer.rules
  configurationKeys.value = answer.configurationKeys
  savesTo.value = answer.savesTo
}

/** Puts a rule into the editor; without a name, a new one. */
export function chooseRule(chosen: string | undefined): void {
  const rule = rules.value.find((one) => one.name === chosen)
  name.value = rule?.name ?? freeName()
  script.value = rule?.script ?? newRule
  problem.value = undefined
}

function freeName(): string {
  const taken = new Set(rules.value.map((rule) => rule.name))
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? 'new-rule' : `new-rule-${number}`
    if (!taken.has(free)) return free
  }
}

/** The file of the rule in the editor, which says its language. */
export function fileOf(rule: string): string {
  return rules.value.find((one) => one.name === rule)?.file ?? `${rule}.js`
}

/** Runs what is in the editor over the login in the tabs. */
export async function run(): Promise<void> {
  if (isRunning.value) return
  isRunning.value = true
  problem.value = undefined
  try {
    const before = { user: readObject('user'), context: readObject('context') }
    const configuration = readObject('configuration')
    const edited = name.value
    const recorded = recording.value === '' ? {} : { recording: recording.value }
    const body = { what: what.value, name: edited, script: script.value, ...before, configuration, ...recorded }
    const answer = await call<RunAnswer>('POST', '/run', body)
    result.value = { ...answer, before, edited }
    tell(`The run ended: ${answer.outcome.outcome}.`, false)
  } catch (error) {
    problem.value = error as Error
    result.value = undefined
  } finally {
    isRunning.value = false
    showResults()
  }
}

/** On a narrow screen the result is below the editors. */
function showResults(): void {
  if (!matchMedia('(max-width: 900px)').matches) return
  document.querySelector('#results')?.scrollIntoView({ block: 'start' })
}

/** Saves what is in the editor under its name. */
export async function save(): Promise<void> {
  problem.value = undefined
  try {
    const saved = await call<ShownRule>('POST', '/rules', { name: name.value, script: script.value })
    await loadRules()
    name.value = saved.name
    const where = saved.place === 'store' ? 'in the store' : `in ${saved.file}`
    tell(`Saved ${where}. The next login runs it.`)
  } catch (error) {
    problem.value = error as Error
  }
}

/** The object in a tab. @throws {Error} that names the tab */
export function readObject(tab: keyof typeof inputs): Record<string, unknown> {
  const text = inputs[tab].value.trim()
  const value = parsed(text === '' ? '{}' : text, tab)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`The tab ${tab} holds no JSON object; write { … }.`)
}

function parsed(text: string, tab: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`The tab ${tab} holds no JSON: ${(error as Error).message}`, { cause: error })
  }
}

/** Where the editor is to show a problem; undefined where it is about something else. */
export function placeOf(error: Error | undefined): { readonly line: number; readonly column: number } | undefined {
  if (!(error instanceof ApiError) || error.line === undefined || error.rule !== name.value) return undefined
  return { line: error.line, column: error.column ?? 1 }
}

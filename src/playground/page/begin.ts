import { effect } from '@preact/signals'
import { openSession, session } from './api.ts'
import { chooseRule, loadRules } from './rule/rule-actions.ts'
import { loadChoices } from './rule/login-choices.ts'
import { problem, rules } from './state.ts'

/** Gets in, and loads what the page begins with as soon as it may. */
export async function begin(): Promise<void> {
  let isLoaded = false
  effect(() => {
    if (session.value?.token === undefined || isLoaded) return
    isLoaded = true
    void load()
  })
  try {
    await openSession()
  } catch (error) {
    problem.value = error as Error
  }
}

async function load(): Promise<void> {
  try {
    await loadRules()
    chooseRule(rules.value[0]?.name)
    await loadChoices()
  } catch (error) {
    problem.value = error as Error
  }
}

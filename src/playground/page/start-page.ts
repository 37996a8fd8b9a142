import { effect } from '@preact/signals'
import { loadSession, session } from './api.ts'
import { chooseRule, loadRules } from './rule/rule-actions.ts'
import { loadChoices } from './rule/login-choices.ts'
import { lastError, rules } from './state.ts'

/** Opens a session, and loads rules and choices once the page has a token. */
export async function startPage(): Promise<void> {
  let isLoaded = false
  effect(() => {
    if (session.value?.token === undefined || isLoaded) return
    isLoaded = true
    void loadPage()
  })
  try {
    await loadSession()
  } catch (error) {
    lastError.value = error as Error
  }
}

async function loadPage(): Promise<void> {
  try {
    await loadRules()
    chooseRule(rules.value[0]?.name)
    await loadChoices()
  } catch (error) {
    lastError.value = error as Error
  }
}

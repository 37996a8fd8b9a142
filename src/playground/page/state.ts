import { computed, signal } from '@preact/signals'
import type { RuleLocation, RunResponse, RuleResponse } from '../http/api-types.ts'
import type { ApiError } from './api.ts'

/** A run and its result; `before` is the login before the rules. */
export interface CompletedRun extends RunResponse {
  readonly before: { readonly user: object; readonly context: object }
  readonly editedRule: string
}

export type View = 'rules' | 'users' | 'logins'

export const view = signal<View>('rules')

export const rules = signal<readonly RuleResponse[]>([])
export const savesTo = signal<RuleLocation>('store')
export const configurationKeys = signal<readonly string[]>([])

/** The rule in the editor. */
export const name = signal('')
export const script = signal('')
const original = computed(() => rules.value.find((rule) => rule.name === name.value))
export const isEdited = computed(() => original.value?.script !== script.value)

/** The texts of the three tabs. */
export const inputs = { user: signal('{}'), context: signal('{}'), configuration: signal('{}') }

/** The name of the recorded login in the tabs; empty if it is not a recorded one. */
export const recording = signal('')

export const runMode = signal<'pipeline' | 'rule'>('pipeline')
export const isRunning = signal(false)
export const result = signal<CompletedRun | undefined>(undefined)

/** The error of the last action; undefined if it succeeded. */
export const lastError = signal<ApiError | Error | undefined>(undefined)

/** The result of an action, for six seconds. Screen readers read it out; it is shown if nothing else on the page says it. */
export const notice = signal({ text: '', isShown: false })

let noticeTimer: ReturnType<typeof setTimeout> | undefined

export function showNotice(text: string, isShown = true): void {
  notice.value = { text, isShown }
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => (notice.value = { text: '', isShown: false }), 6_000)
}

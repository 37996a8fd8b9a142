import { computed, signal } from '@preact/signals'
import type { RuleLocation, RunResponse, RuleResponse } from '../http/api-types.ts'
import type { ApiError } from './api.ts'

/** What came of a run; `before` is the login as it was given. */
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

/** The recorded login in the tabs; empty where it is none. */
export const recording = signal('')

export const runMode = signal<'pipeline' | 'rule'>('pipeline')
export const isRunning = signal(false)
export const result = signal<CompletedRun | undefined>(undefined)

/** Why the last thing that was asked for did not happen. */
export const lastError = signal<ApiError | Error | undefined>(undefined)

/** What has just happened, for a moment. Screen readers read it out; it is shown where nothing else on the page says it. */
export const notice = signal({ text: '', isShown: false })

let noticeTimer: ReturnType<typeof setTimeout> | undefined

export function showNotice(text: string, isShown = true): void {
  notice.value = { text, isShown }
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => (notice.value = { text: '', isShown: false }), 6_000)
}

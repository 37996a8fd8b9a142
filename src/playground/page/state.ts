import { computed, signal } from '@preact/signals'
import type { Place, RunAnswer, ShownRule } from '../http/answers.ts'
import type { ApiError } from './api.ts'

/** What came of a run; `before` is the login as it was given. */
export interface RunResult extends RunAnswer {
  readonly before: { readonly user: object; readonly context: object }
  readonly edited: string
}

export type View = 'rules' | 'users' | 'logins'

export const view = signal<View>('rules')

export const rules = signal<readonly ShownRule[]>([])
export const savesTo = signal<Place>('store')
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

export const what = signal<'pipeline' | 'rule'>('pipeline')
export const isRunning = signal(false)
export const result = signal<RunResult | undefined>(undefined)

/** Why the last thing that was asked for did not happen. */
export const problem = signal<ApiError | Error | undefined>(undefined)

/** What has just happened, for a moment. Screen readers read it out; it is shown where nothing else on the page says it. */
export const notice = signal({ text: '', isShown: false })

let fading: ReturnType<typeof setTimeout> | undefined

export function tell(text: string, isShown = true): void {
  notice.value = { text, isShown }
  clearTimeout(fading)
  fading = setTimeout(() => (notice.value = { text: '', isShown: false }), 6_000)
}

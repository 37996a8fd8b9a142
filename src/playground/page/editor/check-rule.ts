import type { Diagnostic } from '@codemirror/lint'
import { linter } from '@codemirror/lint'
import type { Extension, Text } from '@codemirror/state'
import { ApiError, call } from '../api.ts'
import { name } from '../state.ts'
import { fileOf } from '../rule/rule-actions.ts'
import { signal } from '@preact/signals'

/** What the server's own parser says of the rule in the editor. */
export const verdict = signal<{ readonly kind?: string; readonly error?: ApiError }>({})

/** Asks the server for what is wrong, as soon as nobody types. */
export const ruleCheck: Extension = linter(
  async ({ state }) => {
    try {
      const body = { name: name.value, script: state.doc.toString(), file: fileOf(name.value) }
      verdict.value = await call<{ kind: string }>('POST', '/check', body)
      return []
    } catch (error) {
      if (!(error instanceof ApiError)) return []
      verdict.value = { error }
      return diagnosticsOf(error, state.doc)
    }
  },
  { delay: 300 },
)

function diagnosticsOf(error: ApiError, doc: Text): Diagnostic[] {
  const { line: number = 1, column = 1 } = error
  const line = doc.line(Math.min(number, doc.lines))
  const from = Math.min(line.from + column - 1, line.to)
  const to = Math.min(from + 1, doc.length)
  return [{ from: to === from ? Math.max(0, from - 1) : from, to, severity: 'error', message: withoutPlace(error) }]
}

/** The message begins with the place, which the editor shows by itself. */
export function withoutPlace({ message }: Error): string {
  return message.replace(/^\S*:\d+:\d+: /, '')
}

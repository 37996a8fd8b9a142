import type { Diagnostic } from '@codemirror/lint'
import { linter } from '@codemirror/lint'
import type { Extension, Text } from '@codemirror/state'
import { ApiError, callApi } from '../api.ts'
import { name } from '../state.ts'
import { findRuleFile } from '../rule/rule-actions.ts'
import { signal } from '@preact/signals'

/** The result of the server's parser for the rule in the editor. */
export const checkResult = signal<{ readonly kind?: string; readonly error?: ApiError }>({})

/** Asks the server for errors, once the user has stopped typing. */
export const ruleLinter: Extension = linter(
  async ({ state }) => {
    try {
      const body = { name: name.value, script: state.doc.toString(), file: findRuleFile(name.value) }
      checkResult.value = await callApi<{ kind: string }>('POST', '/check', body)
      return []
    } catch (error) {
      if (!(error instanceof ApiError)) return []
      checkResult.value = { error }
      return toDiagnostics(error, state.doc)
    }
  },
  { delay: 300 },
)

function toDiagnostics(error: ApiError, doc: Text): Diagnostic[] {
  const { line: lineNumber = 1, column = 1 } = error
  const line = doc.line(Math.min(lineNumber, doc.lines))
  const from = Math.min(line.from + column - 1, line.to)
  const to = Math.min(from + 1, doc.length)
  return [{ from: to === from ? Math.max(0, from - 1) : from, to, severity: 'error', message: stripLocation(error) }]
}

/** Removes the place from the start of a message: the editor shows it. */
export function stripLocation({ message }: Error): string {
  return message.replace(/^\S*:\d+:\d+: /, '')
}

import { autocompletion } from '@codemirror/autocomplete'
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript'
import { EditorView } from '@codemirror/view'
import { effect } from '@preact/signals'
import type { ApiShapes } from '../../http/api-types.ts'
import { callApi } from '../api.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import { ruleLinter, checkResult, stripLocation } from '../editor/rule-linter.ts'
import { completeNames } from '../editor/completion.ts'
import { collectNames } from '../editor/collect-names.ts'
import { configurationKeys, type inputs, isEdited, lastError, script } from '../state.ts'
import { locateError, readObject, startRun } from './rule-actions.ts'

let shapes: ApiShapes | undefined

/** Loaded once, when the user completes the first name that needs it. */
let pendingShapes: Promise<void> | undefined

function loadShapes(): Promise<void> {
  pendingShapes ??= callApi<ApiShapes>('POST', '/shapes', {
    user: tryReadObject('user') ?? {},
    context: tryReadObject('context') ?? {},
  }).then(
    (answer) => void (shapes = answer),
    () => void (pendingShapes = undefined),
  )
  return pendingShapes
}

function tryReadObject(tab: keyof typeof inputs): Record<string, unknown> | undefined {
  try {
    return readObject(tab)
  } catch {
    return undefined
  }
}

const completion = completeNames(async (root) => {
  if (root !== undefined && ['auth0', 'event', 'api'].includes(root)) await loadShapes()
  const localKeys = Object.keys(tryReadObject('configuration') ?? {})
  const keys = [...new Set([...configurationKeys.value, ...localKeys])]
  return collectNames(
    { user: tryReadObject('user'), context: tryReadObject('context'), configurationKeys: keys },
    shapes,
  )
})

const extensions = [
  javascript(),
  autocompletion({ icons: false }),
  javascriptLanguage.data.of({ autocomplete: completion }),
  ruleLinter,
]

export function RuleEditor() {
  return (
    <>
      <CodeEditor
        label="Source of the rule"
        text={script}
        extensions={extensions}
        onRun={() => void startRun()}
        onReady={scrollToErrors}
      />
      <Verdict />
    </>
  )
}

/** Scrolls to the place of each new error. */
function scrollToErrors(view: EditorView): void {
  effect(() => {
    const location = locateError(lastError.value)
    if (location === undefined) return
    const line = view.state.doc.line(Math.min(location.line, view.state.doc.lines))
    const anchor = Math.min(line.from + location.column - 1, line.to)
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
  })
}

function Verdict() {
  const { kind, error } = checkResult.value
  if (error !== undefined) {
    const location = error.line === undefined ? '' : `Line ${error.line}, column ${error.column ?? 1}: `
    return (
      <p class="verdict wrong" id="verdict">
        {location}
        {stripLocation(error)}
      </p>
    )
  }
  return (
    <p class="verdict" id="verdict">
      {kind === undefined ? 'Not checked yet' : `Valid ${kind}`}
      {isEdited.value && <span class="edited">edited, not saved</span>}
    </p>
  )
}

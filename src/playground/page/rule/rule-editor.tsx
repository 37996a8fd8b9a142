import { autocompletion } from '@codemirror/autocomplete'
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript'
import { EditorView } from '@codemirror/view'
import { effect } from '@preact/signals'
import type { Shapes } from '../../http/answers.ts'
import { call } from '../api.ts'
import { CodeEditor } from '../editor/code-editor.tsx'
import { ruleCheck, verdict, withoutPlace } from '../editor/check-rule.ts'
import { completeNames } from '../editor/completion.ts'
import { knownNames } from '../editor/known-names.ts'
import { configurationKeys, type inputs, isEdited, problem, script } from '../state.ts'
import { placeOf, readObject, run } from './rule-actions.ts'

let shapes: Shapes | undefined

/** Asked once, and only when somebody completes such a name. */
let asking: Promise<void> | undefined

function askShapes(): Promise<void> {
  asking ??= call<Shapes>('POST', '/shapes', { user: readable('user') ?? {}, context: readable('context') ?? {} }).then(
    (answer) => void (shapes = answer),
    () => void (asking = undefined),
  )
  return asking
}

function readable(tab: keyof typeof inputs): Record<string, unknown> | undefined {
  try {
    return readObject(tab)
  } catch {
    return undefined
  }
}

const completion = completeNames(async (root) => {
  if (root !== undefined && ['auth0', 'event', 'api'].includes(root)) await askShapes()
  const own = Object.keys(readable('configuration') ?? {})
  const keys = [...new Set([...configurationKeys.value, ...own])]
  return knownNames({ user: readable('user'), context: readable('context'), configurationKeys: keys }, shapes)
})

const extensions = [
  javascript(),
  autocompletion({ icons: false }),
  javascriptLanguage.data.of({ autocomplete: completion }),
  ruleCheck,
]

export function RuleEditor() {
  return (
    <>
      <CodeEditor
        label="Source of the rule"
        text={script}
        extensions={extensions}
        onRun={() => void run()}
        onReady={showPlaces}
      />
      <Verdict />
    </>
  )
}

/** Goes to where the server says that something is wrong. */
function showPlaces(view: EditorView): void {
  effect(() => {
    const place = placeOf(problem.value)
    if (place === undefined) return
    const line = view.state.doc.line(Math.min(place.line, view.state.doc.lines))
    const anchor = Math.min(line.from + place.column - 1, line.to)
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
  })
}

function Verdict() {
  const { kind, error } = verdict.value
  if (error !== undefined) {
    const place = error.line === undefined ? '' : `Line ${error.line}, column ${error.column ?? 1}: `
    return (
      <p class="verdict wrong" id="verdict">
        {place}
        {withoutPlace(error)}
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

import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import type { Signal } from '@preact/signals'
import { effect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { nonce } from '../api.ts'
import { editorTheme, highlighting } from './editor-theme.ts'

interface CodeEditorProps {
  readonly label: string
  readonly text: Signal<string>
  readonly extensions: Extension
  /** Called for Ctrl+Enter, and Cmd+Enter on a Mac. */
  onRun(): void
  /** Called with the editor, once it exists. */
  onReady?(view: EditorView): void
}

/** Edits `text`. Escape, then Tab moves the focus out of the editor. */
export function CodeEditor({ label, text, extensions, onRun, onReady }: CodeEditorProps) {
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const view = new EditorView({
      ...(container.current === null ? {} : { parent: container.current }),
      state: EditorState.create({
        doc: text.value,
        extensions: [createBaseExtensions(label, onRun), createTextSync(text), extensions],
      }),
    })
    onReady?.(view)
    const stop = effect(() => {
      const { value } = text
      if (value === view.state.doc.toString()) return
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
    })
    return () => {
      stop()
      view.destroy()
    }
  }, [])
  return <div class="code-editor" ref={container} />
}

function createTextSync(text: Signal<string>): Extension {
  return EditorView.updateListener.of(({ docChanged, state }) => {
    if (docChanged) text.value = state.doc.toString()
  })
}

function createBaseExtensions(label: string, onRun: () => void): Extension {
  const run = (): boolean => {
    onRun()
    return true
  }
  return [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    lineNumbers(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    syntaxHighlighting(highlighting),
    editorTheme,
    keymap.of([
      { key: 'Mod-Enter', run },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ]
}

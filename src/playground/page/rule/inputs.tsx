import { json, jsonParseLinter } from '@codemirror/lang-json'
import { linter } from '@codemirror/lint'
import { signal } from '@preact/signals'
import { CodeEditor } from '../editor/code-editor.tsx'
import { Select } from '../parts/select.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { configurationKeys, inputs, recording } from '../state.ts'
import {
  chosen,
  clients,
  connections,
  fillLogin,
  fillRecording,
  protocols,
  recordings,
  users,
} from './login-choices.ts'
import { run } from './rule-actions.ts'

type Tab = keyof typeof inputs

const tab = signal<Tab>('user')
const tabs: readonly { readonly id: Tab; readonly label: string }[] = [
  { id: 'user', label: 'user' },
  { id: 'context', label: 'context' },
  { id: 'configuration', label: 'configuration' },
]
const extensions = [json(), linter(jsonParseLinter())]

/** The login that rules run over: chosen from what there is, then edited at will. */
export function Inputs() {
  const choose = (part: keyof typeof chosen, value: string): void => {
    chosen[part].value = value
    void fillLogin()
  }
  const select = (part: keyof typeof chosen, label: string, options: typeof users.value, none?: string) => (
    <Select
      label={label}
      value={chosen[part].value}
      options={options}
      {...(none === undefined ? {} : { none })}
      onChoose={(value) => choose(part, value)}
    />
  )
  return (
    <>
      <div class="fields choices">
        {select('userId', 'User', users.value)}
        {select('connection', 'Connection', connections.value, 'Their own')}
        {select('clientId', 'Client', clients.value, 'Any')}
        {select('protocol', 'Protocol', protocols)}
        {recordings.value.length > 0 && (
          <div class="recorded">
            <Select
              label="Recording"
              value={recording.value}
              options={recordings.value}
              none="None"
              onChoose={(name) => void fillRecording(name)}
            />
          </div>
        )}
      </div>
      <Tabs label="Login" prefix="input" tabs={tabs} chosen={tab}>
        {tab.value === 'configuration' && <ConfigurationHint />}
        <CodeEditor
          key={tab.value}
          label={`${tab.value}, as JSON`}
          text={inputs[tab.value]}
          extensions={extensions}
          onRun={() => void run()}
        />
      </Tabs>
    </>
  )
}

function ConfigurationHint() {
  const keys = configurationKeys.value
  return (
    <p class="hint">
      {keys.length === 0
        ? 'The rules have no configuration. What you write here is added for the run.'
        : `Laid over what the rules have: ${keys.join(', ')}.`}
    </p>
  )
}

import { json, jsonParseLinter } from '@codemirror/lang-json'
import { linter } from '@codemirror/lint'
import { signal } from '@preact/signals'
import { CodeEditor } from '../editor/code-editor.tsx'
import { Select } from '../parts/select.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { configurationKeys, inputs, recording } from '../state.ts'
import {
  loginChoice,
  clientChoices,
  connectionChoices,
  fillLogin,
  fillRecording,
  protocols,
  recordingChoices,
  userChoices,
} from './login-choices.ts'
import { startRun } from './rule-actions.ts'

type Tab = keyof typeof inputs

const tab = signal<Tab>('user')
const tabs: readonly { readonly id: Tab; readonly label: string }[] = [
  { id: 'user', label: 'user' },
  { id: 'context', label: 'context' },
  { id: 'configuration', label: 'configuration' },
]
const extensions = [json(), linter(jsonParseLinter())]

/** The login that rules run over: chosen from the lists, then edited as JSON. */
export function LoginInputs() {
  const choose = (part: keyof typeof loginChoice, value: string): void => {
    loginChoice[part].value = value
    void fillLogin()
  }
  const renderSelect = (
    part: keyof typeof loginChoice,
    label: string,
    options: typeof userChoices.value,
    emptyLabel?: string,
  ) => (
    <Select
      label={label}
      value={loginChoice[part].value}
      options={options}
      emptyLabel={emptyLabel}
      onChoose={(value) => choose(part, value)}
    />
  )
  return (
    <>
      <div class="fields choices">
        {renderSelect('userId', 'User', userChoices.value)}
        {renderSelect('connection', 'Connection', connectionChoices.value, 'Their own')}
        {renderSelect('clientId', 'Client', clientChoices.value, 'Any')}
        {renderSelect('protocol', 'Protocol', protocols)}
        {recordingChoices.value.length > 0 && (
          <div class="recorded">
            <Select
              label="Recording"
              value={recording.value}
              options={recordingChoices.value}
              emptyLabel="None"
              onChoose={(name) => void fillRecording(name)}
            />
          </div>
        )}
      </div>
      <Tabs label="Login" prefix="input" tabs={tabs} selected={tab}>
        {tab.value === 'configuration' && <ConfigurationHint />}
        <CodeEditor
          key={tab.value}
          label={`${tab.value}, as JSON`}
          text={inputs[tab.value]}
          extensions={extensions}
          onRun={() => void startRun()}
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
        : `What you write here takes precedence over the configuration of the rules: ${keys.join(', ')}.`}
    </p>
  )
}

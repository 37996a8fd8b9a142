import { isRunning, name, rules, savesTo, runMode } from '../state.ts'
import { Select } from '../parts/select.tsx'
import { chooseRule, copyTest, saveRule, startRun } from './rule-actions.ts'

const isMac = navigator.userAgent.includes('Mac')

/** Chooses the rule, and runs, copies or saves it. */
export function Toolbar() {
  const options = rules.value.map((rule) => ({
    value: rule.name,
    label: `${rule.name}${rule.enabled ? '' : ' (off)'}`,
  }))
  const selectedName = rules.value.some((rule) => rule.name === name.value) ? name.value : ''
  return (
    <div class="toolbar">
      <div class="fields">
        <Select
          label="Rule"
          value={selectedName}
          emptyLabel="New rule"
          options={options}
          onChoose={(ruleName) => chooseRule(ruleName === '' ? undefined : ruleName)}
        />
        <label class="field">
          <span>Name</span>
          <input
            value={name.value}
            spellcheck={false}
            onInput={({ currentTarget }) => (name.value = currentTarget.value)}
          />
        </label>
      </div>
      <div class="buttons">
        <RunModePicker />
        <button class="primary" type="button" disabled={isRunning.value} onClick={() => void startRun()}>
          {isRunning.value ? 'Running…' : 'Run'}
          <kbd>{isMac ? '⌘' : 'Ctrl'} ↵</kbd>
        </button>
        <span class="spread" />
        <button type="button" onClick={() => void copyTest()}>
          Copy as test
        </button>
        <button
          type="button"
          title={savesTo.value === 'store' ? 'Into the store' : 'Into the folder'}
          onClick={() => void saveRule()}
        >
          Save
        </button>
      </div>
    </div>
  )
}

const runModes = [
  ['pipeline', 'All rules'],
  ['rule', 'This rule'],
] as const

function RunModePicker() {
  return (
    <fieldset class="segments">
      <legend class="hidden">What to run</legend>
      {runModes.map(([id, label]) => (
        <label key={id}>
          <input type="radio" name="what" checked={runMode.value === id} onChange={() => (runMode.value = id)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

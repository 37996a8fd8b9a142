import { isRunning, name, rules, savesTo, what } from '../state.ts'
import { Select } from '../parts/select.tsx'
import { copyTest } from './copy-test.ts'
import { chooseRule, run, save } from './rule-actions.ts'

const isMac = navigator.userAgent.includes('Mac')

/** Which rule, and what to do with it. */
export function Toolbar() {
  const options = rules.value.map((rule) => ({
    value: rule.name,
    label: `${rule.name}${rule.enabled ? '' : ' (off)'}`,
  }))
  const known = rules.value.some((rule) => rule.name === name.value) ? name.value : ''
  return (
    <div class="toolbar">
      <div class="fields">
        <Select
          label="Rule"
          value={known}
          none="New rule"
          options={options}
          onChoose={(chosen) => chooseRule(chosen === '' ? undefined : chosen)}
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
        <WhatToRun />
        <button class="primary" type="button" disabled={isRunning.value} onClick={() => void run()}>
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
          onClick={() => void save()}
        >
          Save
        </button>
      </div>
    </div>
  )
}

const choices = [
  ['pipeline', 'All rules'],
  ['rule', 'This rule'],
] as const

function WhatToRun() {
  return (
    <fieldset class="segments">
      <legend class="hidden">What to run</legend>
      {choices.map(([id, label]) => (
        <label key={id}>
          <input type="radio" name="what" checked={what.value === id} onChange={() => (what.value = id)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

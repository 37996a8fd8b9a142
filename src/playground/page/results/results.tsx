import { computed, signal } from '@preact/signals'
import { stripLocation } from '../editor/rule-linter.ts'
import { Tabs } from '../parts/tabs.tsx'
import { Pill } from '../parts/pill.tsx'
import { formatMs } from '../parts/json-value.tsx'
import { ApiError } from '../api.ts'
import { type CompletedRun, isRunning, lastError, result } from '../state.ts'
import { Changes } from './changes.tsx'
import { Console } from './console.tsx'
import { Profiles } from './profiles.tsx'
import { Requests } from './requests.tsx'
import { Timeline } from './timeline.tsx'
import { Tokens } from './tokens.tsx'

type Tab = 'changes' | 'tokens' | 'profile' | 'console' | 'http' | 'timeline'

const tab = signal<Tab>('changes')

const tabs = computed(() => {
  const traces = result.value?.outcome.rules ?? []
  const countEntries = (field: 'changes' | 'logs' | 'requests'): number =>
    traces.reduce((sum, rule) => sum + rule[field].length, 0)
  return [
    { id: 'changes', label: 'Changes', count: countEntries('changes') },
    { id: 'tokens', label: 'Tokens' },
    { id: 'profile', label: 'Profile' },
    { id: 'console', label: 'Console', count: countEntries('logs') },
    { id: 'http', label: 'HTTP', count: countEntries('requests') },
    { id: 'timeline', label: 'Timeline' },
  ] as const
})

export function Results() {
  if (lastError.value !== undefined) return <ErrorSummary error={lastError.value} />
  if (result.value === undefined) return <EmptyResult />
  return (
    <>
      <Summary result={result.value} />
      <Tabs label="Result" prefix="result" tabs={tabs.value} selected={tab}>
        <Panel result={result.value} />
      </Tabs>
    </>
  )
}

function Panel({ result: runResult }: { readonly result: CompletedRun }) {
  switch (tab.value) {
    case 'changes':
      return <Changes result={runResult} />
    case 'tokens':
      return <Tokens result={runResult} />
    case 'profile':
      return <Profiles result={runResult} />
    case 'console':
      return <Console result={runResult} />
    case 'http':
      return <Requests result={runResult} />
    case 'timeline':
      return <Timeline result={runResult} />
    default:
      return tab.value satisfies never
  }
}

function Summary({ result: { outcome } }: { readonly result: CompletedRun }) {
  const { outcome: kind, reason, error, redirect, rules } = outcome
  const totalMs = rules.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return (
    <div class="summary" id="outcome">
      <p>
        <Pill label={kind} />
        {error !== undefined && <code class="code">{error.code}</code>}
        <span class="muted">
          {rules.length} {rules.length === 1 ? 'rule' : 'rules'}, {formatMs(totalMs)}
        </span>
      </p>
      {reason !== undefined && <p class="reason">{reason}</p>}
      {redirect !== undefined && <p class="reason">To {redirect.url}</p>}
    </div>
  )
}

function ErrorSummary({ error }: { readonly error: Error }) {
  const { code = '', line, column = 1, rule } = error instanceof ApiError ? error : ({} as Partial<ApiError>)
  return (
    <div class="summary" role="alert" id="problem">
      <p>
        <span class="pill bad">refused</span>
        {code !== '' && <code class="code">{code}</code>}
        {line !== undefined && (
          <span class="muted">
            {rule}, line {line}, column {column}
          </span>
        )}
      </p>
      <p class="reason">{stripLocation(error)}</p>
    </div>
  )
}

function EmptyResult() {
  return (
    <div class="empty">
      <p>{isRunning.value ? 'Running…' : 'Nothing has run yet.'}</p>
      <p class="muted">
        Run the rules over the login on this page to see what each one changes, logs and requests. Nothing is saved, and
        no real user is changed.
      </p>
    </div>
  )
}

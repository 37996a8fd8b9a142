import type { RuleTrace, UserUpdate } from '../../../engine/outcome/outcome.ts'
import { pathText } from '../../../profile/schema/path-text.ts'
import { Pill } from '../parts/pill.tsx'
import { Value, ms } from '../parts/value.tsx'
import type { RunResult } from '../state.ts'
import { type ShownChange, withOldValues } from './old-values.ts'

/** What each rule did to the user and the context, in the order in which they ran. */
export function Changes({ result: { outcome, before, edited } }: { readonly result: RunResult }) {
  const { updates = [] } = outcome
  const shown = withOldValues(
    before,
    outcome.rules.map(({ changes }) => changes),
  )
  if (outcome.rules.length === 0) return <p class="empty muted">No rule ran.</p>
  return (
    <>
      <ol class="traces">
        {outcome.rules.map((rule, index) => (
          <Rule key={rule.name} rule={rule} changes={shown[index] ?? []} isEdited={rule.name === edited} />
        ))}
      </ol>
      {updates.length > 0 && <Updates updates={updates} />}
    </>
  )
}

interface RuleProps {
  readonly rule: RuleTrace
  readonly changes: readonly ShownChange[]
  readonly isEdited: boolean
}

function Rule({ rule: { name, status, durationMs, error }, changes, isEdited }: RuleProps) {
  return (
    <li class={isEdited ? 'trace mine' : 'trace'}>
      <h3>
        {status !== 'ok' && <Pill word={status} />}
        <span class="name">{name}</span>
        <span class="muted">
          {changes.length === 0 && error === undefined ? 'no change, ' : ''}
          {ms(durationMs)}
        </span>
      </h3>
      {error !== undefined && (
        <p class="failure">
          <code class="code">{error.code}</code> {error.message}
        </p>
      )}
      {changes.length > 0 && (
        <ul class="diff">
          {changes.map((change) => (
            <Line key={change.path} change={change} />
          ))}
        </ul>
      )}
    </li>
  )
}

const marks: Readonly<Record<string, readonly [mark: string, tone: string, word: string]>> = {
  add: ['+', 'added', 'added'],
  remove: ['−', 'removed', 'removed'],
}

function Line({ change: { op, path, value, old } }: { readonly change: ShownChange }) {
  const [mark, tone, word] = marks[op] ?? ['~', 'replaced', 'changed']
  return (
    <li class={`change ${tone}`}>
      <span class="mark" aria-hidden="true">
        {mark}
      </span>
      <span class="hidden">{word}</span>
      <span class="path">{pathText(path)}</span>
      <span class="values">
        {op !== 'add' && old !== undefined && (
          <del>
            <Value value={old} />
          </del>
        )}
        {op !== 'remove' && <Value value={value} />}
      </span>
    </li>
  )
}

function Updates({ updates }: { readonly updates: readonly UserUpdate[] }) {
  return (
    <section class="updates">
      <h3>A real login would save</h3>
      <ul class="diff">
        {updates.map(({ of: attribute, userId, data, error }, index) => (
          <li key={index} class="change replaced">
            <span class="mark" aria-hidden="true">
              ↓
            </span>
            <span class="path">
              {attribute} of {userId}
            </span>
            <span class="values">
              <Value value={data} />
              {error !== undefined && <p class="failure">{error}</p>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

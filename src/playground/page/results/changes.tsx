import type { RuleTrace, UserUpdate } from '../../../engine/outcome/outcome.ts'
import { formatPath } from '../../../profile/schema/format-path.ts'
import { Pill } from '../parts/pill.tsx'
import { JsonValue, formatMs } from '../parts/json-value.tsx'
import type { CompletedRun } from '../state.ts'
import { type ChangeWithOldValue, addOldValues } from '../../../profile/schema/add-old-values.ts'

/** The changes of each rule to user and context, in the order in which the rules ran. */
export function Changes({ result: { outcome, before, editedRule } }: { readonly result: CompletedRun }) {
  const { updates = [] } = outcome
  const ruleChanges = addOldValues(
    before,
    outcome.rules.map(({ changes }) => changes),
  )
  if (outcome.rules.length === 0) return <p class="empty muted">No rule ran.</p>
  return (
    <>
      <ol class="traces">
        {outcome.rules.map((rule, index) => (
          <Rule key={rule.name} rule={rule} changes={ruleChanges[index] ?? []} isEdited={rule.name === editedRule} />
        ))}
      </ol>
      {updates.length > 0 && <Updates updates={updates} />}
    </>
  )
}

interface RuleProps {
  readonly rule: RuleTrace
  readonly changes: readonly ChangeWithOldValue[]
  readonly isEdited: boolean
}

function Rule({ rule: { name, status, durationMs, error }, changes, isEdited }: RuleProps) {
  return (
    <li class={isEdited ? 'trace mine' : 'trace'}>
      <h3>
        {status !== 'ok' && <Pill label={status} />}
        <span class="name">{name}</span>
        <span class="muted">
          {changes.length === 0 && error === undefined ? 'no change, ' : ''}
          {formatMs(durationMs)}
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
            <ChangeLine key={change.path} change={change} />
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

function ChangeLine({ change: { op, path, value, old } }: { readonly change: ChangeWithOldValue }) {
  const [mark, tone, label] = marks[op] ?? ['~', 'replaced', 'changed']
  return (
    <li class={`change ${tone}`}>
      <span class="mark" aria-hidden="true">
        {mark}
      </span>
      <span class="hidden">{label}</span>
      <span class="path">{formatPath(path)}</span>
      <span class="values">
        {op !== 'add' && old !== undefined && (
          <del>
            <JsonValue value={old} />
          </del>
        )}
        {op !== 'remove' && <JsonValue value={value} />}
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
              <JsonValue value={data} />
              {error !== undefined && <p class="failure">{error}</p>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

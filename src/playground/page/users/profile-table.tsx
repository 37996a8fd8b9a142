import type { ProfileField, ProfilesAnswer } from '../../http/answers.ts'
import { Pill } from '../parts/pill.tsx'
import { Value, isSame } from '../parts/value.tsx'
import { drafts, saveDrafts } from './users-state.ts'

/** Three readings of one profile, side by side; what an update may set can be edited in the first. */
export function ProfileTable({ profiles }: { readonly profiles: ProfilesAnswer }) {
  const { raw, enriched, overlaid, outcome, reason, fields } = profiles
  const known = new Set(fields.map(({ name }) => name))
  const others = [...new Set([...Object.keys(raw), ...Object.keys(enriched), ...Object.keys(overlaid)])]
    .filter((name) => !known.has(name))
    .toSorted()
  const rows: ProfileField[] = [
    ...fields,
    ...others.map((name) => ({ name, description: '', schema: {}, nullable: false, reason: otherReason(name, raw) })),
  ]
  const changed = Object.keys(drafts.value).length
  return (
    <>
      <div class="profile-head">
        <h2>{String(raw['email'] ?? raw['name'] ?? raw['user_id'])}</h2>
        <Pill word={outcome} />
        {reason !== undefined && <span class="muted">{reason}</span>}
        <span class="spread" />
        <button class="primary" type="button" disabled={changed === 0} onClick={() => void saveDrafts()}>
          Save {changed === 0 ? '' : changed === 1 ? '1 change' : `${changed} changes`}
        </button>
      </div>
      <p class="hint">A reading is empty where it is the same as the one before it.</p>
      <table class="compare profile-table">
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col">Raw</th>
            <th scope="col">Enriched by rules</th>
            <th scope="col">Overlaid</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(
              ({ name, reason: held }) => held === undefined || [raw, enriched, overlaid].some((one) => name in one),
            )
            .map((field) => (
              <Row key={field.name} field={field} profiles={profiles} />
            ))}
        </tbody>
      </table>
    </>
  )
}

function otherReason(name: string, raw: Readonly<Record<string, unknown>>): string {
  return name in raw ? 'No attribute of the Management API.' : 'Made at the login, and not stored.'
}

function Row({
  field,
  profiles: { raw, enriched, overlaid },
}: {
  readonly field: ProfileField
  readonly profiles: ProfilesAnswer
}) {
  const { name, description, reason } = field
  return (
    <tr class={reason === undefined ? '' : 'held'}>
      <th scope="row">
        {name}
        {description !== '' && <small>{description}</small>}
      </th>
      <td data-label="Raw">
        {reason === undefined ? (
          <Editable field={field} value={raw[name]} />
        ) : (
          <>
            <Value value={raw[name]} />
            <small class="why" title={reason}>
              {reason}
            </small>
          </>
        )}
      </td>
      <Reading label="Enriched" before={raw[name]} value={enriched[name]} />
      <Reading label="Overlaid" before={enriched[name]} value={overlaid[name]} />
    </tr>
  )
}

function Reading({
  label,
  before,
  value,
}: {
  readonly label: string
  readonly before: unknown
  readonly value: unknown
}) {
  const isUnchanged = isSame(before, value)
  return (
    <td data-label={label} class={isUnchanged ? 'same' : 'differs'}>
      {isUnchanged ? <span class="hidden">the same</span> : <Value value={value} />}
    </td>
  )
}

function Editable({ field: { name, schema }, value }: { readonly field: ProfileField; readonly value: unknown }) {
  const { type } = schema as { readonly type?: string }
  const stored = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
  const text = drafts.value[name] ?? stored
  const edit = (next: string): void => {
    const { [name]: _, ...rest } = drafts.value
    drafts.value = next === stored ? rest : { ...rest, [name]: next }
  }
  if (type === 'boolean') {
    return (
      <input
        type="checkbox"
        aria-label={name}
        checked={text === 'true'}
        onChange={({ currentTarget }) =>
          edit(!currentTarget.checked && stored === '' ? '' : String(currentTarget.checked))
        }
      />
    )
  }
  if (type === 'object') {
    const rows = Math.min(8, text.split('\n').length)
    return (
      <textarea
        aria-label={`${name}, as JSON`}
        rows={rows}
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => edit(currentTarget.value)}
      />
    )
  }
  return <input aria-label={name} value={text} onInput={({ currentTarget }) => edit(currentTarget.value)} />
}

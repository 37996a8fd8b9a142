import type { ProfileField, ProfilesResponse } from '../../http/api-types.ts'
import { Pill } from '../parts/pill.tsx'
import { JsonValue, isSame } from '../parts/json-value.tsx'
import { drafts, saveDrafts } from './users-state.ts'

/** The raw, enriched and overlaid profile side by side. The first can be edited as far as an update may set an attribute. */
export function ProfileTable({ profiles }: { readonly profiles: ProfilesResponse }) {
  const { raw, enriched, overlaid, outcome, reason, fields } = profiles
  const fieldNames = new Set(fields.map(({ name }) => name))
  const otherNames = [...new Set([...Object.keys(raw), ...Object.keys(enriched), ...Object.keys(overlaid)])]
    .filter((name) => !fieldNames.has(name))
    .toSorted()
  const rows: ProfileField[] = [
    ...fields,
    ...otherNames.map((name) => ({
      name,
      description: '',
      schema: {},
      nullable: false,
      reason: explainReadOnly(name, raw),
    })),
  ]
  const changeCount = Object.keys(drafts.value).length
  return (
    <>
      <div class="profile-head">
        <h2>{String(raw['email'] ?? raw['name'] ?? raw['user_id'])}</h2>
        <Pill label={outcome} />
        {reason !== undefined && <span class="muted">{reason}</span>}
        <span class="spread" />
        <button class="primary" type="button" disabled={changeCount === 0} onClick={() => void saveDrafts()}>
          Save {changeCount === 0 ? '' : changeCount === 1 ? '1 change' : `${changeCount} changes`}
        </button>
      </div>
      <p class="hint">A cell is empty if its value is the same as in the column before it.</p>
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
              ({ name, reason: lockReason }) =>
                lockReason === undefined || [raw, enriched, overlaid].some((profile) => name in profile),
            )
            .map((field) => (
              <Row key={field.name} field={field} profiles={profiles} />
            ))}
        </tbody>
      </table>
    </>
  )
}

function explainReadOnly(name: string, raw: Readonly<Record<string, unknown>>): string {
  return name in raw ? 'Not an attribute of the Management API.' : 'Made at the login, and not stored.'
}

function Row({
  field,
  profiles: { raw, enriched, overlaid },
}: {
  readonly field: ProfileField
  readonly profiles: ProfilesResponse
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
          <EditableValue field={field} value={raw[name]} />
        ) : (
          <>
            <JsonValue value={raw[name]} />
            <small class="why" title={reason}>
              {reason}
            </small>
          </>
        )}
      </td>
      <ProfileReading label="Enriched" before={raw[name]} value={enriched[name]} />
      <ProfileReading label="Overlaid" before={enriched[name]} value={overlaid[name]} />
    </tr>
  )
}

function ProfileReading({
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
      {isUnchanged ? <span class="hidden">the same</span> : <JsonValue value={value} />}
    </td>
  )
}

function EditableValue({ field: { name, schema }, value }: { readonly field: ProfileField; readonly value: unknown }) {
  const { type } = schema as { readonly type?: string }
  const storedText = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
  const text = drafts.value[name] ?? storedText
  const edit = (next: string): void => {
    const { [name]: _, ...rest } = drafts.value
    drafts.value = next === storedText ? rest : { ...rest, [name]: next }
  }
  if (type === 'boolean') {
    return (
      <input
        type="checkbox"
        aria-label={name}
        checked={text === 'true'}
        onChange={({ currentTarget }) =>
          edit(!currentTarget.checked && storedText === '' ? '' : String(currentTarget.checked))
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

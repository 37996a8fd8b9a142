import { JsonValue, isSame } from '../parts/json-value.tsx'
import type { CompletedRun } from '../state.ts'
import { NoTokens } from './no-tokens.tsx'

/** /userinfo (the enriched profile) beside /tokeninfo (the claims of the ID token). */
export function Profiles({ result: { outcome, preview } }: { readonly result: CompletedRun }) {
  if (preview === undefined) return <NoTokens outcome={outcome.outcome} />
  const { userinfo, tokeninfo } = preview
  const tokenOnlyNames = Object.keys(tokeninfo).filter((name) => !Object.hasOwn(userinfo, name))
  const names = [...Object.keys(userinfo).toSorted(), ...tokenOnlyNames.toSorted()]
  return (
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">Attribute</th>
          <th scope="col">/userinfo</th>
          <th scope="col">/tokeninfo</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td
              data-label="/userinfo"
              class={Object.hasOwn(userinfo, name) && !isSame(userinfo[name], tokeninfo[name]) ? 'differs' : ''}
            >
              <JsonValue value={userinfo[name]} />
            </td>
            <td data-label="/tokeninfo">
              <JsonValue value={tokeninfo[name]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

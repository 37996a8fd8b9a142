import { JsonValue, isSame } from '../parts/json-value.tsx'
import type { CompletedRun } from '../state.ts'
import { NoTokens } from './no-tokens.tsx'

/** The claims of both tokens. Those that rules set are marked. */
export function Tokens({ result: { outcome, preview } }: { readonly result: CompletedRun }) {
  if (preview === undefined) return <NoTokens outcome={outcome.outcome} />
  return (
    <div class="pair">
      <Claims title="ID token" claims={preview.idToken} ruleClaims={outcome.claims.idToken} />
      <Claims title="Access token" claims={preview.accessToken} ruleClaims={outcome.claims.accessToken} />
    </div>
  )
}

type Values = Readonly<Record<string, unknown>>

interface ClaimsProps {
  readonly title: string
  readonly claims: Values
  readonly ruleClaims: Values
}

function Claims({ title, claims, ruleClaims }: ClaimsProps) {
  const isRuleClaim = (name: string): boolean =>
    Object.hasOwn(ruleClaims, name) && isSame(ruleClaims[name], claims[name])
  const names = Object.keys(claims).toSorted((one, other) => Number(isRuleClaim(other)) - Number(isRuleClaim(one)))
  return (
    <section>
      <h3>{title}</h3>
      <dl class="claims">
        {names.map((name) => (
          <div key={name} class={isRuleClaim(name) ? 'claim mine' : 'claim'}>
            <dt>
              {name}
              {isRuleClaim(name) && <span class="tag">rule</span>}
            </dt>
            <dd>
              <JsonValue value={claims[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

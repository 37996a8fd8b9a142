import { Value, isSame } from '../parts/value.tsx'
import type { RunResult } from '../state.ts'
import { NoTokens } from './no-tokens.tsx'

/** The claims of both tokens; those that rules set are marked. */
export function Tokens({ result: { outcome, preview } }: { readonly result: RunResult }) {
  if (preview === undefined) return <NoTokens outcome={outcome.outcome} />
  return (
    <div class="pair">
      <Claims title="ID token" claims={preview.idToken} byRules={outcome.claims.idToken} />
      <Claims title="Access token" claims={preview.accessToken} byRules={outcome.claims.accessToken} />
    </div>
  )
}

type Values = Readonly<Record<string, unknown>>

interface ClaimsProps {
  readonly title: string
  readonly claims: Values
  readonly byRules: Values
}

function Claims({ title, claims, byRules }: ClaimsProps) {
  const isByRule = (name: string): boolean => Object.hasOwn(byRules, name) && isSame(byRules[name], claims[name])
  const names = Object.keys(claims).toSorted((one, other) => Number(isByRule(other)) - Number(isByRule(one)))
  return (
    <section>
      <h3>{title}</h3>
      <dl class="claims">
        {names.map((name) => (
          <div key={name} class={isByRule(name) ? 'claim mine' : 'claim'}>
            <dt>
              {name}
              {isByRule(name) && <span class="tag">rule</span>}
            </dt>
            <dd>
              <Value value={claims[name]} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

import { formatMs } from '../parts/json-value.tsx'
import type { CompletedRun } from '../state.ts'

/** The outbound requests of the rules. */
export function Requests({ result: { outcome } }: { readonly result: CompletedRun }) {
  const requests = outcome.rules.flatMap(({ name, requests: ruleRequests }) =>
    ruleRequests.map((request) => ({ name, ...request })),
  )
  if (requests.length === 0) return <p class="empty muted">No rule made a request.</p>
  return (
    <ol class="requests">
      {requests.map(({ name, method, url, status, durationMs, error }, index) => (
        <li key={index} class={error === undefined ? 'request' : 'request failed'}>
          <span class="method">{method}</span>
          <span class="url">{url}</span>
          <span class="status">{status ?? 'none'}</span>
          <span class="muted">
            {formatMs(durationMs)} · {name}
          </span>
          {error !== undefined && <p class="failure">{error}</p>}
        </li>
      ))}
    </ol>
  )
}

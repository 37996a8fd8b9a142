import { useEffect } from 'preact/hooks'
import { Pill } from '../parts/pill.tsx'
import { formatMs } from '../parts/json-value.tsx'
import {
  type NumberedLogin,
  filter,
  finishedLogins,
  filteredLogins,
  connectionState,
  watchLogins,
} from './logins-state.ts'

const eventLabels: Readonly<Record<NumberedLogin['type'], string>> = {
  s: 'logged in',
  f: 'was refused',
  fp: 'gave a wrong password',
  fu: 'is unknown',
  sertft: 'refreshed',
  fertft: 'was refused a refresh',
}

/** The logins of this server, listed as they finish. */
export function LoginsView() {
  useEffect(watchLogins, [])
  return (
    <section class="panel logins-view" aria-label="Logins">
      <div class="logins-head">
        <p class={`connection ${connectionState.value}`} role="status">
          {connectionState.value}
        </p>
        <label class="field">
          <span>Search</span>
          <input
            type="search"
            spellcheck={false}
            placeholder="a name, a client, a rule, a log line"
            value={filter.value}
            onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
          />
        </label>
        <button type="button" disabled={finishedLogins.value.length === 0} onClick={() => (finishedLogins.value = [])}>
          Clear
        </button>
      </div>
      {finishedLogins.value.length === 0 ? (
        <div class="empty">
          <p>No login has finished since this page was opened.</p>
          <p class="muted">Each one appears here with what its rules did. Profiles are not shown; console lines are.</p>
        </div>
      ) : (
        <ol class="logins">
          {filteredLogins.value.map((login) => (
            <Login key={login.id} login={login} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Login({ login }: { readonly login: NumberedLogin }) {
  const {
    type,
    atMs,
    user_name: name,
    client_name: client,
    connection,
    description,
    outcome,
    rules = [],
    missed,
  } = login
  const totalMs = rules.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return (
    <li>
      <details>
        <summary>
          <time>{new Date(atMs).toLocaleTimeString()}</time>
          {outcome === undefined ? <Pill label={type.startsWith('s') ? 'ok' : 'deny'} /> : <Pill label={outcome} />}
          <span class="who">
            <strong>{name ?? 'A user'}</strong> {eventLabels[type]}
          </span>
          <span class="muted">
            {client} · {connection}
            {rules.length > 0 && ` · ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}, ${formatMs(totalMs)}`}
          </span>
        </summary>
        {description !== undefined && <p class="reason">{description}</p>}
        {missed > 0 && <p class="muted">{missed} logins before this one were left out.</p>}
        <ol class="ran">
          {rules.map((rule) => (
            <li key={rule.name}>
              {rule.status !== 'ok' && <Pill label={rule.status} />}
              <span class="name">{rule.name}</span> <span class="muted">{formatMs(rule.durationMs)}</span>
              {rule.logs.map(({ level, message }, index) => (
                <pre key={index} class={`log ${level}`}>
                  {message}
                </pre>
              ))}
              {rule.requests.map(({ method, url, status }, index) => (
                <p key={index} class="muted">
                  {method} {url} {status}
                </p>
              ))}
            </li>
          ))}
        </ol>
      </details>
    </li>
  )
}

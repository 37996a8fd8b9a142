import { useEffect } from 'preact/hooks'
import { Pill } from '../parts/pill.tsx'
import { ms } from '../parts/value.tsx'
import { type NumberedLogin, filter, seen, shown, state, watch } from './logins-state.ts'

const words: Readonly<Record<NumberedLogin['type'], string>> = {
  s: 'logged in',
  f: 'was refused',
  fp: 'gave a wrong password',
  fu: 'is unknown',
  sertft: 'refreshed',
  fertft: 'was refused a refresh',
}

/** The logins of this server, as they end. */
export function LoginsView() {
  useEffect(watch, [])
  return (
    <section class="panel logins-view" aria-label="Logins">
      <div class="logins-head">
        <p class={`connection ${state.value}`} role="status">
          {state.value}
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
        <button type="button" disabled={seen.value.length === 0} onClick={() => (seen.value = [])}>
          Clear
        </button>
      </div>
      {seen.value.length === 0 ? (
        <div class="empty">
          <p>No login has ended since this page watches.</p>
          <p class="muted">Each one appears here with what its rules did. Profiles are not shown; console lines are.</p>
        </div>
      ) : (
        <ol class="logins">
          {shown.value.map((login) => (
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
          {outcome === undefined ? <Pill word={type.startsWith('s') ? 'ok' : 'deny'} /> : <Pill word={outcome} />}
          <span class="who">
            <strong>{name ?? 'Somebody'}</strong> {words[type]}
          </span>
          <span class="muted">
            {client} · {connection}
            {rules.length > 0 && ` · ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}, ${ms(totalMs)}`}
          </span>
        </summary>
        {description !== undefined && <p class="reason">{description}</p>}
        {missed > 0 && <p class="muted">{missed} logins before it were left out.</p>}
        <ol class="ran">
          {rules.map((rule) => (
            <li key={rule.name}>
              {rule.status !== 'ok' && <Pill word={rule.status} />}
              <span class="name">{rule.name}</span> <span class="muted">{ms(rule.durationMs)}</span>
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

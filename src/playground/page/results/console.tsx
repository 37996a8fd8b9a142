import type { CompletedRun } from '../state.ts'

/** What the rules wrote to their console. */
export function Console({ result: { outcome } }: { readonly result: CompletedRun }) {
  const lines = outcome.rules.flatMap(({ name, logs }) => logs.map((log) => ({ name, ...log })))
  if (lines.length === 0) return <p class="empty muted">No rule wrote to the console.</p>
  return (
    <ol class="console">
      {lines.map(({ name, level, message }, index) => (
        <li key={index} class={`log ${level}`}>
          <span class="level">{level}</span>
          <pre>{message}</pre>
          <span class="from">{name}</span>
        </li>
      ))}
    </ol>
  )
}

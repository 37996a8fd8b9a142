import { formatMs } from '../parts/json-value.tsx'
import type { CompletedRun } from '../state.ts'

/** The duration of each rule, one after the other. The darker part is its CPU time. */
export function Timeline({ result: { outcome } }: { readonly result: CompletedRun }) {
  const { rules } = outcome
  const totalMs = rules.reduce((sum, { durationMs }) => sum + durationMs, 0)
  if (rules.length === 0) return <p class="empty muted">No rule ran.</p>
  const startsMs = rules.map((_, index) => rules.slice(0, index).reduce((sum, { durationMs }) => sum + durationMs, 0))
  const toPercent = (part: number): string => `${totalMs === 0 ? 0 : (part / totalMs) * 100}%`
  return (
    <ol class="timeline">
      {rules.map(({ name, status, durationMs, cpuMs }, index) => (
        <li key={name}>
          <span class="name">{name}</span>
          <span class="muted">
            {formatMs(durationMs)}, CPU {formatMs(cpuMs)}
          </span>
          <span class="lane" aria-hidden="true">
            <span
              class={`bar ${status}`}
              style={{ left: toPercent(startsMs[index] ?? 0), width: toPercent(durationMs) }}
            >
              <span
                class="cpu"
                style={{ width: durationMs === 0 ? '0%' : `${Math.min(1, cpuMs / durationMs) * 100}%` }}
              />
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}

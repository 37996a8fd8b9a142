/** Shows a value as JSON: objects and arrays of more than 60 characters on several lines. */
export function JsonValue({ value }: { readonly value: unknown }) {
  if (value === undefined) return <span class="none">none</span>
  return <code class="value">{formatJson(value)}</code>
}

function formatJson(value: unknown): string {
  const flat = JSON.stringify(value)
  return flat.length > 60 && typeof value === 'object' ? JSON.stringify(value, undefined, 2) : flat
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export function formatMs(durationMs: number): string {
  return `${durationMs < 10 ? durationMs.toFixed(2) : durationMs.toFixed(0)} ms`
}

/** Rules get at most 32 levels, and the user around the metadata needs some of them. */
const maxDepth = 24

/** Finds a value that no database stores unchanged: text with NUL or lone surrogates, or nesting that is too deep. */
export function findUnstorable(value: unknown): string | undefined {
  const stack: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value, path: [] }]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    const { value: current, path } = part
    if (typeof current === 'string' && !isStorable(current)) return formatComplaint(path.join('.'), notTextMessage)
    if (typeof current !== 'object' || current === null) continue
    if (path.length === maxDepth)
      return formatComplaint(path.slice(0, 3).join('.'), `Nested deeper than ${maxDepth} levels`)
    for (const [name, inner] of Object.entries(current)) {
      if (!isStorable(name)) return formatComplaint(path.join('.'), notTextMessage)
      stack.push({ value: inner, path: [...path, name] })
    }
  }
  return undefined
}

export function formatComplaint(path: string, what: string): string {
  return path === '' ? `'${what}'.` : `'${what}' on property ${path}.`
}

const notTextMessage = 'Expected well-formed text without NUL'

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

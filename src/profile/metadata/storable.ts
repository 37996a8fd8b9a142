/** Rules get at most 32 levels, and the user around the metadata takes some of them. */
const maxDepth = 24

/** What no database would keep, or give back as it came: NUL and halves of characters, and what is nested too deeply. */
export function unstorable(value: unknown): string | undefined {
  const open: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value, path: [] }]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { value: current, path } = part
    if (typeof current === 'string' && !isStorable(current)) return complaintAt(path.join('.'), notText)
    if (typeof current !== 'object' || current === null) continue
    if (path.length === maxDepth)
      return complaintAt(path.slice(0, 3).join('.'), `Nested deeper than ${maxDepth} levels`)
    for (const [name, inner] of Object.entries(current)) {
      if (!isStorable(name)) return complaintAt(path.join('.'), notText)
      open.push({ value: inner, path: [...path, name] })
    }
  }
  return undefined
}

export function complaintAt(path: string, what: string): string {
  return path === '' ? `'${what}'.` : `'${what}' on property ${path}.`
}

const notText = 'Expected well-formed text without NUL'

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

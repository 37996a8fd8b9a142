import { NativeTypeError, toText } from '../../wire/primordials.ts'

const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// oxlint-disable-next-line no-control-regex
const forbiddenPattern = /[\0\r\n]|[^\0-\xFF]/

/**
 * `Headers` (WHATWG Fetch): names are case-insensitive, values are joined with a comma, `Set-Cookie` values stay
 * separate.
 */
export class Headers {
  readonly #values = new Map<string, string[]>()

  constructor(init?: unknown) {
    if (typeof init !== 'object' || init === null) return
    const pairs: Iterable<unknown> = Symbol.iterator in init ? (init as Iterable<unknown>) : Object.entries(init)
    for (const pair of pairs) {
      const both = [...(pair as Iterable<unknown>)]
      if (both.length !== 2) throw new NativeTypeError('Headers: each header must be a name and a value')
      this.append(both[0], both[1])
    }
  }
  append(name: unknown, value: unknown): void {
    const key = normalizeName(name)
    this.#values.set(key, [...(this.#values.get(key) ?? []), normalizeValue(value)])
  }
  set(name: unknown, value: unknown): void {
    this.#values.set(normalizeName(name), [normalizeValue(value)])
  }
  delete(name: unknown): void {
    this.#values.delete(normalizeName(name))
  }
  has(name: unknown): boolean {
    return this.#values.has(normalizeName(name))
  }
  get(name: unknown): string | null {
    return this.#values.get(normalizeName(name))?.join(', ') ?? null
  }
  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])]
  }
  forEach(visit: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.#pairs()) visit.call(self, value, name, this)
  }
  keys(): IterableIterator<string> {
    return this.#pairs()
      .map(([name]) => name)
      .values()
  }
  values(): IterableIterator<string> {
    return this.#pairs()
      .map(([, value]) => value)
      .values()
  }
  entries(): IterableIterator<[string, string]> {
    return this.#pairs().values()
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }
  get [Symbol.toStringTag](): string {
    return 'Headers'
  }
  #pairs(): [string, string][] {
    const names = [...this.#values.keys()].toSorted()
    return names.flatMap((name) => {
      const values = this.#values.get(name) ?? []
      return name === 'set-cookie'
        ? values.map((value): [string, string] => [name, value])
        : [[name, values.join(', ')]]
    })
  }
}

function normalizeName(name: unknown): string {
  const text = toText(name)
  if (!tokenPattern.test(text)) throw new NativeTypeError(`Headers: ${text.slice(0, 100)} is an invalid header name`)
  return text.toLowerCase()
}

function normalizeValue(value: unknown): string {
  const text = toText(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  // The message does not hold the value, which may be a secret.
  if (forbiddenPattern.test(text)) throw new NativeTypeError('Headers: a value has a character that no header may hold')
  return text
}

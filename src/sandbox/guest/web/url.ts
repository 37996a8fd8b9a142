import type { Ops } from '../driver/ops.ts'
import { parseJson, toText, toJson } from '../../wire/primordials.ts'
import type { SearchParams } from './search-params.ts'

const parts = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const
type Part = (typeof parts)[number]
type ParsedUrl = Readonly<Record<Part | 'origin', string>>

/** `URL` (WHATWG URL), over the parser of the host, so that rule, network guard and server agree on every address. */
export function createUrl(ops: Ops, search: SearchParams): new (input: unknown, base?: unknown) => object {
  const parse = (input: object): ParsedUrl => parseJson(ops.ask('url', toJson(input))) as ParsedUrl

  class URL {
    #parsed: ParsedUrl
    readonly #params: object

    constructor(input: unknown, base?: unknown) {
      this.#parsed = parse({ input: toText(input), base: base === undefined ? undefined : toText(base) })
      this.#params = new search.URLSearchParams(this.#parsed.search)
      search.link(this.#params, (query) => {
        this.#parsed = parse({ input: this.#parsed.href, part: 'search', value: query })
      })
    }
    static canParse(input: unknown, base?: unknown): boolean {
      return URL.parse(input, base) !== null
    }
    static parse(input: unknown, base?: unknown): URL | null {
      try {
        return new URL(input, base)
      } catch {
        return null
      }
    }
    static {
      for (const part of parts) {
        Object.defineProperty(URL.prototype, part, {
          get(this: URL) {
            return this.#parsed[part]
          },
          set(this: URL, value: unknown) {
            this.#parsed = parse({ input: this.#parsed.href, part, value: toText(value) })
            search.reload(this.#params, this.#parsed.search)
          },
          enumerable: true,
          configurable: true,
        })
      }
    }
    get origin(): string {
      return this.#parsed.origin
    }
    get searchParams(): object {
      return this.#params
    }
    toString(): string {
      return this.#parsed.href
    }
    toJSON(): string {
      return this.#parsed.href
    }
    get [Symbol.toStringTag](): string {
      return 'URL'
    }
  }

  return URL
}

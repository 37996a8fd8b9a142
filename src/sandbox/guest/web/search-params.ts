import type { Ops } from '../driver/ops.ts'
import { parseJson, toText, toJson } from '../../wire/primordials.ts'

type Pair = [string, string]

interface State {
  pairs: Pair[]
  /** Tells the URL whose query this is. */
  onChange: (() => void) | undefined
}

export interface SearchParams {
  readonly URLSearchParams: new (init?: unknown) => object
  /** Ties `params` to the URL whose query it is. */
  link(params: object, onChange: (query: string) => void): void
  /** Takes the query that its URL has now. */
  reload(params: object, query: string): void
}

/** `URLSearchParams` (WHATWG URL); the host reads and writes the text form. */
export function createSearchParams(ops: Ops): SearchParams {
  const states = new WeakMap<object, State>()

  function getState(params: object): State {
    const state = states.get(params)
    if (state === undefined) throw new TypeError('this is no URLSearchParams')
    return state
  }

  function change(params: object, edit: (pairs: Pair[]) => Pair[]): void {
    const state = getState(params)
    state.pairs = edit(state.pairs)
    state.onChange?.()
  }

  function parsePairs(init: unknown): Pair[] {
    if (typeof init === 'object' && init !== null) {
      const pairs = Symbol.iterator in init ? [...(init as Iterable<unknown>)] : Object.entries(init)
      return pairs.map((pair) => {
        const both = [...(pair as Iterable<unknown>)]
        if (both.length !== 2) throw new TypeError('each query pair is a name and a value')
        return [toText(both[0]), toText(both[1])]
      })
    }
    return parseJson(ops.ask('pairs', init === undefined ? '' : toText(init))) as Pair[]
  }

  class URLSearchParams {
    constructor(init?: unknown) {
      states.set(this, { pairs: parsePairs(init), onChange: undefined })
    }
    get size(): number {
      return getState(this).pairs.length
    }
    append(name: unknown, value: unknown): void {
      change(this, (pairs) => [...pairs, [toText(name), toText(value)]])
    }
    delete(name: unknown, value?: unknown): void {
      change(this, (pairs) => pairs.filter((pair) => !isMatch(pair, name, value)))
    }
    get(name: unknown): string | null {
      return getState(this).pairs.find((pair) => isMatch(pair, name))?.[1] ?? null
    }
    getAll(name: unknown): string[] {
      const found = getState(this).pairs.filter((pair) => isMatch(pair, name))
      return found.map((pair) => pair[1])
    }
    has(name: unknown, value?: unknown): boolean {
      return getState(this).pairs.some((pair) => isMatch(pair, name, value))
    }
    set(name: unknown, value: unknown): void {
      change(this, (pairs) => {
        const first = pairs.findIndex((pair) => isMatch(pair, name))
        const entry: Pair = [toText(name), toText(value)]
        if (first < 0) return [...pairs, entry]
        return pairs
          .map((pair, index) => (index === first ? entry : pair))
          .filter((pair, index) => index === first || !isMatch(pair, name))
      })
    }
    sort(): void {
      change(this, (pairs) => pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0]))))
    }
    forEach(visit: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
      for (const [name, value] of getState(this).pairs) visit.call(self, value, name, this)
    }
    keys(): IterableIterator<string> {
      return getState(this)
        .pairs.map((pair) => pair[0])
        .values()
    }
    values(): IterableIterator<string> {
      return getState(this)
        .pairs.map((pair) => pair[1])
        .values()
    }
    entries(): IterableIterator<Pair> {
      return getState(this)
        .pairs.map(([name, value]): Pair => [name, value])
        .values()
    }
    [Symbol.iterator](): IterableIterator<Pair> {
      return this.entries()
    }
    toString(): string {
      return ops.ask('query', toJson(getState(this).pairs))
    }
    get [Symbol.toStringTag](): string {
      return 'URLSearchParams'
    }
  }

  return {
    URLSearchParams,
    link(params, onChange) {
      getState(params).onChange = () => onChange(ops.ask('query', toJson(getState(params).pairs)))
    },
    reload(params, query) {
      getState(params).pairs = parsePairs(query)
    },
  }
}

function isMatch(pair: Pair, name: unknown, value?: unknown): boolean {
  return pair[0] === toText(name) && (value === undefined || pair[1] === toText(value))
}

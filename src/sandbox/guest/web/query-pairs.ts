import type { Ops } from '../driver/ops.ts'
import { parseJson, toText } from '../../wire/primordials.ts'

export type Pair = [name: string, value: string]

/** Parses what `URLSearchParams` takes: pairs, an object, or a query, which the host parses. */
export function parsePairs(ops: Ops, init: unknown): Pair[] {
  if (typeof init === 'object' && init !== null) {
    const pairs = Symbol.iterator in init ? [...(init as Iterable<unknown>)] : Object.entries(init)
    return pairs.map((pair) => {
      const both = [...(pair as Iterable<unknown>)]
      if (both.length !== 2) throw new TypeError('each query pair must be a name and a value')
      return [toText(both[0]), toText(both[1])]
    })
  }
  return parseJson(ops.ask('pairs', init === undefined ? '' : toText(init))) as Pair[]
}

/** Replaces the first pair of that name and removes the others; appends the pair if there is none. */
export function setPair(pairs: readonly Pair[], name: unknown, value: unknown): Pair[] {
  const first = pairs.findIndex((pair) => isMatch(pair, name))
  const entry: Pair = [toText(name), toText(value)]
  if (first < 0) return [...pairs, entry]
  return pairs
    .map((pair, index) => (index === first ? entry : pair))
    .filter((pair, index) => index === first || !isMatch(pair, name))
}

export function sortPairs(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0])))
}

export function isMatch(pair: Pair, name: unknown, value?: unknown): boolean {
  return pair[0] === toText(name) && (value === undefined || pair[1] === toText(value))
}

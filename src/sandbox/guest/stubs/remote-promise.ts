import { NativeError, NativePromise, chain, parseJson } from '../../wire/primordials.ts'
import { type Endpoint, type SerializedValue, deserialize, serialize } from '../../wire/serialize.ts'
import type { Ops } from '../driver/ops.ts'
import type { TestLink } from './test-link.ts'

/** Creates a promise that settles as the test's promise does. */
export function createRemotePromise(ops: Ops, endpoint: Endpoint, id: number): Promise<unknown> {
  return new NativePromise((resolve, reject) => {
    ops.beginWith('stub.settled', `${id}`, (ok, body) => {
      if (!ok) {
        reject(new NativeError((parseJson(body) as { message: string }).message))
        return
      }
      const settlement = parseJson(body) as { ok: boolean; value: SerializedValue }
      const settle = settlement.ok ? resolve : reject
      settle(deserialize(settlement.value, endpoint))
    })
  })
}

/** Settles the promise that the test has for a promise of the rule's. */
export function forwardSettlement(link: TestLink, endpoint: Endpoint, id: number, promise: Promise<unknown>): void {
  const createSettler = (ok: boolean) => (value: unknown) =>
    link.ask({ do: 'settled', id, ok, value: serialize(value, endpoint) })
  void chain(promise, createSettler(true), createSettler(false))
}

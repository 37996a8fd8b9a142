import type { RequestRecord } from '../../../wire/records.ts'
import type { Login } from '../../../worker/run/login.ts'
import type { Outbound } from '../outbound.ts'
import type { Failure } from './failure.ts'

/** Counts what logins do over their sockets, and writes it into the trace. */
export interface Ledger {
  /** Something begins that counts until it is closed. Throws a `FetchRefusal` where the login has had its share. */
  open(payer: Login, shown: Pick<RequestRecord, 'method' | 'url'>): Entry
}

export interface Entry {
  /** The first time counts. */
  close(failure?: Failure): void
}

export function createLedger(outbound: Outbound, nowMs: () => number): Ledger {
  return {
    open(payer, shown) {
      outbound.open(payer)
      const startedAtMs = nowMs()
      const record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] } = { ...shown, durationMs: 0 }
      payer.books.request(record)
      let isOpen = true
      return {
        close(failure) {
          if (!isOpen) return
          isOpen = false
          outbound.close(payer)
          record.durationMs = Math.round(nowMs() - startedAtMs)
          if (failure !== undefined) record.error = failure.message
        },
      }
    },
  }
}

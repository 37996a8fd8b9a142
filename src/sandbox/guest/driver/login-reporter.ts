import type { GuestResult, GuestRuleReport, Host } from '../../wire/guest-contract.ts'
import { toJson } from '../../wire/primordials.ts'
import type { LoginState } from '../changes/login-state.ts'
import { endClock } from '../realm/clock.ts'
import type { SavedMetadata } from './saved-metadata.ts'

/**
 * Reports to the host what the rules of a login did. A call of the host is expensive, so the last report goes with the
 * end.
 */
export interface LoginReporter {
  /** Keeps a rule's report until the next rule starts or the login ends; `changes` is JSON. */
  add(status: GuestRuleReport['status'], changes: string, error?: GuestRuleReport['error']): void
  /** Sends the report that it keeps. */
  flush(): void
  /** Ends the login. If it is not readable, neither user and context nor metadata go with the result. */
  finish(result: GuestResult, shared: GuestResult['shared'], isReadable: boolean): void
}

/** The usual result. It is sent as an empty text. */
export const okResult: GuestResult = { status: 'ok' }

export function createLoginReporter(
  host: Host,
  login: LoginState,
  metadata: SavedMetadata,
  getSharedWrite: () => string | undefined,
): LoginReporter {
  let pendingReport = ''

  function takePendingReport(): string {
    const text = pendingReport
    pendingReport = ''
    return text
  }

  return {
    add(status, changes, error) {
      const suffix = error === undefined ? '' : `,"error":${toJson(error)}`
      pendingReport = `{"status":"${status}","changes":${changes}${suffix}}`
    },
    flush() {
      if (pendingReport !== '') host('report', 0, takePendingReport())
    },
    finish(result, shared, isReadable) {
      const batch = isReadable ? metadata.createBatch(login.toData) : undefined
      const readings = endClock()
      const isDelta = isReadable && login.isPlainJson && result.suspended === undefined
      const sharedWrite = getSharedWrite()
      const hasExtra = batch !== undefined || shared !== undefined || sharedWrite !== undefined
      const extra = hasExtra ? { metadata: batch, readings, shared, sharedWrite } : undefined
      const isUsual = isDelta && extra === undefined && result === okResult
      const resultText = isUsual ? '' : toJson({ ...result, ...extra, ...(isDelta ? { isDelta } : undefined) })
      host('finish', isDelta ? login.marks : isReadable ? login.toText() : '', resultText, takePendingReport())
    },
  }
}

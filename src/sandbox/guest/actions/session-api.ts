import type { Json } from '../../wire/json.ts'
import { NativeDate, NativeTypeError, dateIso, dateTime, isFiniteNumber } from '../../wire/primordials.ts'
import { type ActionRun, type Setter, dataOf, keyOf, partOf, setOrDelete, textOf } from './run.ts'

/** What an action may set of a thing that outlives the login: its part of context and event, and of `api`. */
export interface Kept {
  readonly part: 'transaction' | 'session' | 'refresh_token'
  readonly member: 'transaction' | 'session' | 'refreshToken'
}

/** Metadata: in the context, and at once in the event. */
export function metadataApi(run: ActionRun, setter: Setter, kept: Kept) {
  const set = (key: unknown, value: Json): void => {
    const name = keyOf(key, `api.${kept.member}.setMetadata`)
    inBoth(run, kept, (one) => setOrDelete(partOf(one, 'metadata'), name, value))
  }
  return {
    setMetadata: setter((key, value) => set(key, dataOf(value, `api.${kept.member}.setMetadata`))),
    deleteMetadata: setter((key) => set(key, null)),
    evictMetadata: setter(() => {
      inBoth(run, kept, (one) => {
        one['metadata'] = {}
      })
    }),
  }
}

/** When it ends: as ISO 8601 text, as events have it. */
export function expiryApi(run: ActionRun, setter: Setter, kept: Kept) {
  const expiry = (method: string, name: string) =>
    setter((atMs) => {
      const time = isoOf(atMs, `api.${kept.member}.${method}`)
      inBoth(run, kept, (one) => {
        one[name] = time
      })
    })
  return {
    setExpiresAt: expiry('setExpiresAt', 'expires_at'),
    setIdleExpiresAt: expiry('setIdleExpiresAt', 'idle_expires_at'),
  }
}

/** Whether the session's cookie outlives the browser. */
export function setCookieMode(run: ActionRun, setter: Setter) {
  return setter((mode) => {
    const text = textOf(mode, 'api.session.setCookieMode')
    inBoth(run, { part: 'session', member: 'session' }, (session) => {
      partOf(session, 'cookie')['mode'] = text
    })
  })
}

function inBoth({ login, event }: ActionRun, { part }: Kept, change: (one: Record<string, unknown>) => void): void {
  change(partOf(login.context, part))
  change(partOf(event, part))
}

function isoOf(atMs: unknown, member: string): string {
  const date = new NativeDate(typeof atMs === 'number' ? atMs : NaN)
  if (isFiniteNumber(dateTime(date))) return dateIso(date)
  throw new NativeTypeError(`${member} takes milliseconds since 1970`)
}

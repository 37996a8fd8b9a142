import type { Json } from '../../wire/json.ts'
import { NativeDate, NativeTypeError, dateIso, dateTime, isFiniteNumber } from '../../wire/primordials.ts'
import {
  type ActionRun,
  type CreateSetter,
  cloneData,
  requireKey,
  ensureObject,
  setOrDelete,
  requireText,
} from './run.ts'

/** Where metadata is kept: `part` is its member of context and event, `member` is that of `api`. */
export interface MetadataTarget {
  readonly part: 'transaction' | 'session' | 'refresh_token'
  readonly member: 'transaction' | 'session' | 'refreshToken'
}

/** Metadata methods: they write to the context, and to the event so that the action sees it. */
export function createMetadataApi(run: ActionRun, createSetter: CreateSetter, target: MetadataTarget) {
  const set = (key: unknown, value: Json): void => {
    const name = requireKey(key, `api.${target.member}.setMetadata`)
    updateBoth(run, target, (holder) => setOrDelete(ensureObject(holder, 'metadata'), name, value))
  }
  return {
    setMetadata: createSetter((key, value) => set(key, cloneData(value, `api.${target.member}.setMetadata`))),
    deleteMetadata: createSetter((key) => set(key, null)),
    evictMetadata: createSetter(() => {
      updateBoth(run, target, (holder) => {
        holder['metadata'] = {}
      })
    }),
  }
}

/** Expiry methods: they write ISO 8601 texts, as in an event. */
export function createExpiryApi(run: ActionRun, createSetter: CreateSetter, target: MetadataTarget) {
  const createExpirySetter = (method: string, name: string) =>
    createSetter((atMs) => {
      const time = toIsoText(atMs, `api.${target.member}.${method}`)
      updateBoth(run, target, (holder) => {
        holder[name] = time
      })
    })
  return {
    setExpiresAt: createExpirySetter('setExpiresAt', 'expires_at'),
    setIdleExpiresAt: createExpirySetter('setIdleExpiresAt', 'idle_expires_at'),
  }
}

/** Whether the session's cookie outlives the browser. */
export function createCookieModeSetter(run: ActionRun, createSetter: CreateSetter) {
  return createSetter((mode) => {
    const text = requireText(mode, 'api.session.setCookieMode')
    updateBoth(run, { part: 'session', member: 'session' }, (session) => {
      ensureObject(session, 'cookie')['mode'] = text
    })
  })
}

function updateBoth(
  { login, event }: ActionRun,
  { part }: MetadataTarget,
  change: (holder: Record<string, unknown>) => void,
): void {
  change(ensureObject(login.context, part))
  change(ensureObject(event, part))
}

function toIsoText(atMs: unknown, member: string): string {
  const date = new NativeDate(typeof atMs === 'number' ? atMs : NaN)
  if (isFiniteNumber(dateTime(date))) return dateIso(date)
  throw new NativeTypeError(`${member} takes milliseconds since 1970`)
}

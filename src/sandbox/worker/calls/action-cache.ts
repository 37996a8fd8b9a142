import { LRUCache } from 'lru-cache'

/** What the guest asks of the cache. */
interface CacheCall {
  readonly call: 'get' | 'set' | 'delete'
  /** Actions of another trigger have another cache. */
  readonly trigger: string
  readonly key: string
  readonly value?: string
  readonly ttlMs?: number
  readonly expiresAtMs?: number
  /** The time of the login. */
  readonly nowMs: number
}

interface CacheRecord {
  readonly value: string
  readonly expiresAtMs: number
}

/** Auth0's limits, for all records of a trigger together. */
const maxRecords = 20
const maxBytes = 8_000
const maxAgeMs = 86_400_000
const defaultAgeMs = 900_000

/** `api.cache` of one ruleset in this worker; the answer to each call is JSON, as the guest gives it to the action. */
export function createActionCache(): (input: string) => string {
  const caches = new Map<string, LRUCache<string, CacheRecord>>()

  function cacheOf(trigger: string): LRUCache<string, CacheRecord> {
    const known = caches.get(trigger)
    if (known !== undefined) return known
    const cache = new LRUCache<string, CacheRecord>({
      max: maxRecords,
      maxSize: maxBytes,
      sizeCalculation: ({ value }, key) => sizeOf(key, value),
    })
    caches.set(trigger, cache)
    return cache
  }

  const calls = {
    get({ trigger, key, nowMs }: CacheCall): unknown {
      const cache = cacheOf(trigger)
      const found = cache.get(key)
      if (found === undefined) return undefined
      if (found.expiresAtMs > nowMs) return recordOf(found)
      cache.delete(key)
      return undefined
    },
    set({ trigger, key, value = '', ttlMs = Infinity, expiresAtMs = Infinity, nowMs }: CacheCall): unknown {
      if (sizeOf(key, value) > maxBytes) {
        return {
          type: 'error',
          code: 'CacheRecordTooLarge',
          message: `a record may hold ${maxBytes} bytes with its key`,
        }
      }
      const wishedMs = Math.min(nowMs + ttlMs, expiresAtMs)
      const untilMs = Number.isFinite(wishedMs) ? Math.min(wishedMs, nowMs + maxAgeMs) : nowMs + defaultAgeMs
      const record = { value, expiresAtMs: untilMs }
      cacheOf(trigger).set(key, record)
      return { type: 'success', record: recordOf(record) }
    },
    delete({ trigger, key }: CacheCall): unknown {
      cacheOf(trigger).delete(key)
      return { type: 'success' }
    },
  }

  return (input) => {
    const call = JSON.parse(input) as CacheCall
    return JSON.stringify(calls[call.call](call) ?? null)
  }
}

function recordOf({ value, expiresAtMs }: CacheRecord): object {
  return { value, expires_at: expiresAtMs }
}

function sizeOf(key: string, value: string): number {
  return Math.max(1, Buffer.byteLength(key) + Buffer.byteLength(value))
}

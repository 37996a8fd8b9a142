import { LRUCache } from '../../../cache/lru-cache.ts'

/** A call of `api.cache`. */
interface CacheCall {
  readonly call: 'get' | 'set' | 'delete'
  /** Each trigger has its own cache. */
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

/** `api.cache` of one ruleset in this worker. Takes a `CacheCall` as JSON; returns the JSON that the action gets. */
export function createActionCache(): (input: string) => string {
  const caches = new Map<string, LRUCache<string, CacheRecord>>()

  function getCache(trigger: string): LRUCache<string, CacheRecord> {
    const existing = caches.get(trigger)
    if (existing !== undefined) return existing
    const cache = new LRUCache<string, CacheRecord>({
      max: maxRecords,
      maxSize: maxBytes,
      sizeCalculation: ({ value }, key) => computeSize(key, value),
    })
    caches.set(trigger, cache)
    return cache
  }

  const handlers = {
    get({ trigger, key, nowMs }: CacheCall): unknown {
      const cache = getCache(trigger)
      const record = cache.get(key)
      if (record === undefined) return undefined
      if (record.expiresAtMs > nowMs) return toApiRecord(record)
      cache.delete(key)
      return undefined
    },
    set({ trigger, key, value = '', ttlMs = Infinity, expiresAtMs = Infinity, nowMs }: CacheCall): unknown {
      if (computeSize(key, value) > maxBytes) {
        return {
          type: 'error',
          code: 'CacheRecordTooLarge',
          message: `a record may hold ${maxBytes} bytes with its key`,
        }
      }
      const requestedExpiryMs = Math.min(nowMs + ttlMs, expiresAtMs)
      const expiryMs = Number.isFinite(requestedExpiryMs)
        ? Math.min(requestedExpiryMs, nowMs + maxAgeMs)
        : nowMs + defaultAgeMs
      const record = { value, expiresAtMs: expiryMs }
      getCache(trigger).set(key, record)
      return { type: 'success', record: toApiRecord(record) }
    },
    delete({ trigger, key }: CacheCall): unknown {
      getCache(trigger).delete(key)
      return { type: 'success' }
    },
  }

  return (input) => {
    const call = JSON.parse(input) as CacheCall
    return JSON.stringify(handlers[call.call](call) ?? null)
  }
}

function toApiRecord({ value, expiresAtMs }: CacheRecord): object {
  return { value, expires_at: expiresAtMs }
}

function computeSize(key: string, value: string): number {
  return Math.max(1, Buffer.byteLength(key) + Buffer.byteLength(value))
}

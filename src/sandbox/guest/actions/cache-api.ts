import { hasEnded } from '../driver/driver-state.ts'
import { nowMs } from '../realm/clock.ts'
import { parseJson, toJson } from '../../wire/primordials.ts'
import { type ActionRun, requireKey, requireText } from './run.ts'

/** `api.cache`: texts that the host keeps from login to login. Each trigger has its own. */
export function createCacheApi({ ops, ruleRun, trigger }: ActionRun): object {
  function ask(call: object): unknown {
    if (hasEnded(ruleRun)) return undefined
    return parseJson(ops.ask('cache', toJson({ ...call, trigger, nowMs: nowMs() }))) ?? undefined
  }

  return {
    get: (key: unknown) => ask({ call: 'get', key: requireKey(key, 'api.cache.get') }),
    set(key: unknown, value: unknown, options: unknown) {
      const { ttl, expires_at: expiresAt } = (options ?? {}) as {
        readonly ttl?: unknown
        readonly expires_at?: unknown
      }
      return ask({
        call: 'set',
        key: requireKey(key, 'api.cache.set'),
        value: value === '' ? '' : requireText(value, 'api.cache.set'),
        ttlMs: typeof ttl === 'number' ? ttl : undefined,
        expiresAtMs: typeof expiresAt === 'number' ? expiresAt : undefined,
      })
    },
    delete: (key: unknown) => ask({ call: 'delete', key: requireKey(key, 'api.cache.delete') }),
  }
}

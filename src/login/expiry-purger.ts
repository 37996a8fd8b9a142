import type { LoginSettings } from './options.ts'

const intervalMs = 3_600_000

const logDays = 30

/** Deletes expired logins and refresh tokens, and old lines of the log, when called; once an hour at most. */
export function createExpiryPurger({ store, clock }: LoginSettings): () => Promise<void> {
  let nextAtMs = -Infinity
  return async () => {
    if (clock() < nextAtMs) return
    nextAtMs = clock() + intervalMs
    // The login that happens to call this is not to fail for it; what is left waits for the next hour.
    await store.logins.purgeExpired(clock()).catch(() => undefined)
    await store.loginLogs.purgeBefore(clock() - logDays * 86_400_000).catch(() => undefined)
  }
}

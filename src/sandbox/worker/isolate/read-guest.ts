import { readFileSync } from 'node:fs'

export type GuestScript = 'hardened' | 'fresh' | 'snapshot' | 'find-late-modules'

/** Reads a script that runs inside isolates. */
export function readGuest(script: GuestScript): string {
  // Defined if the files have changed since the parent's first worker started: see `serializeCachedWorker`.
  const { claimsmithGuest } = globalThis as { readonly claimsmithGuest?: Readonly<Record<string, string>> }
  return claimsmithGuest?.[script] ?? readFileSync(new URL(`../../../dist/guest/${script}.js`, import.meta.url), 'utf8')
}

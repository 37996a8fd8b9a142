import { findReasonAgainstChromium } from '../browser/chromium.ts'
import { findReasonAgainstPostgres } from '../store/postgres-server.ts'

/** Says before the tests run which of them are skipped on this machine, and why. */
export async function setup(): Promise<void> {
  const reasons = [await findReasonAgainstPostgres(), findReasonAgainstChromium(), findReasonAgainstCorpus()]
  for (const reason of reasons) if (reason !== undefined) process.stderr.write(`Some tests are skipped: ${reason}.\n`)
}

function findReasonAgainstCorpus(): string | undefined {
  if (process.env['CLAIMSMITH_CORPUS'] !== undefined) return undefined
  return 'CLAIMSMITH_CORPUS names no folder of rules that others wrote (nightly only; CONTRIBUTING.md says which)'
}

import { findReasonAgainstChromium } from '../browser/chromium.ts'
import { findReasonAgainstPostgres } from '../store/postgres-server.ts'

/** Says before the tests run which of them are skipped on this machine, and why. */
export async function setup(): Promise<void> {
  const reasons = [await findReasonAgainstPostgres(), findReasonAgainstChromium()]
  for (const reason of reasons) if (reason !== undefined) process.stderr.write(`Some tests are skipped: ${reason}.\n`)
}

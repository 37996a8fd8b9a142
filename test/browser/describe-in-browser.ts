import { describe } from 'vitest'
import { browserTimeoutMs, findReasonAgainstChromium } from './chromium.ts'

/** Declares tests that need a browser; if there is none they are skipped, and their title says why. */
export function describeInBrowser(title: string, declareTests: () => void): void {
  const reason = findReasonAgainstChromium()
  const more = reason === undefined ? '' : ` (skipped: ${reason})`
  describe.skipIf(reason !== undefined)(`${title}${more}`, { timeout: browserTimeoutMs }, () => {
    declareTests()
  })
}

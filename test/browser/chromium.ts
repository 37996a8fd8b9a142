import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path))
const unused = ['quic', 'background-networking', 'component-update', 'sync', 'gpu'].map((name) => `--disable-${name}`)

/** A browser on a busy machine takes its time. */
export const browserTimeoutMs = 120_000

/** Says why nothing can be tested in a browser and what would help; undefined if there is one. */
export function findReasonAgainstChromium(): string | undefined {
  return executablePath !== undefined ? undefined : 'there is no /usr/bin/chromium: install the Debian package chromium'
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--headless', '--no-sandbox', '--no-first-run', ...unused],
  })
}

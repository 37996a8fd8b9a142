import type { Page } from 'playwright-core'
import { browserTimeoutMs } from './chromium.ts'

/** What a page has done so far. */
export interface PageWatch {
  /** The URLs that it asked for. */
  readonly requests: readonly string[]
  /** Its errors and warnings. */
  readonly complaints: readonly string[]
}

/** Notes what a page asks for and complains about from now on, and gives it the time of a busy machine. */
export function watchPage(page: Page): PageWatch {
  const requests: string[] = []
  const complaints: string[] = []
  page.setDefaultTimeout(browserTimeoutMs)
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return { requests, complaints }
}

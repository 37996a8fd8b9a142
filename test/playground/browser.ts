import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Listener, listen } from '../../src/http/listen.ts'
import type { Access } from '../../src/playground/gate.ts'
import { browserTimeoutMs, launchChromium } from '../browser/chromium.ts'
import { freePort } from '../cli/free-port.ts'
import { type PlaygroundFixture, usePlayground } from './fixture.ts'

export interface Opened {
  readonly fixture: PlaygroundFixture
  readonly page: Page
  /** Everything the page asked for. */
  readonly requests: readonly string[]
  /** Everything it complained about. */
  readonly complaints: readonly string[]
  /** Puts a text into the editor of this label, as somebody who pastes it. */
  write(label: string, text: string): Promise<void>
}

/** The playground in a browser, on a demo with the rules of `rules-examples`. */
export function openPlayground(access: Access = 'open'): Opened {
  let port = 0
  const freshIssuer = async (): Promise<string> => `http://127.0.0.1:${(port = await freePort())}`
  const fixture = usePlayground({ rules: 'rules-examples', access, freshIssuer })
  let listener: Listener
  let browser: Browser
  let page: Page
  const requests: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    listener = await listen({ handler: fixture.playground.handler, port })
    browser = await launchChromium()
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    page.setDefaultTimeout(browserTimeoutMs)
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    await page.goto(`${fixture.issuer}/playground`)
    await page.getByText(access === 'open' ? 'Valid rule' : 'Client secret').waitFor()
  }, browserTimeoutMs)
  afterAll(async () => {
    await browser.close()
    await fixture.playground.close()
    await listener.close()
  }, browserTimeoutMs)

  return {
    fixture,
    get page() {
      return page
    },
    requests,
    complaints,
    async write(label, text) {
      await page.getByRole('textbox', { name: label }).click()
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.insertText(text)
    },
  }
}

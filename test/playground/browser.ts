import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type HttpListener, listen } from '../../src/http/listen.ts'
import type { Access } from '../../src/playground/http/issue-session.ts'
import { browserTimeoutMs, launchChromium } from '../browser/chromium.ts'
import { type PageWatch, watchPage } from '../browser/watch-page.ts'
import { freePort } from '../cli/free-port.ts'
import { type PlaygroundFixture, usePlayground } from './fixture.ts'

export interface Opened extends PageWatch {
  readonly fixture: PlaygroundFixture
  readonly page: Page
  /** Puts a text into the editor of this label, as somebody who pastes it. */
  write(label: string, text: string): Promise<void>
}

/** The playground in a browser, on a demo with the rules of `rules-examples`; each test finds a page that was just opened. */
export function openPlayground(access: Access = 'open'): Opened {
  let port = 0
  const freshIssuer = async (): Promise<string> => `http://127.0.0.1:${(port = await freePort())}`
  const fixture = usePlayground({ rules: 'rules-examples', access, freshIssuer })
  let listener: HttpListener
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let watch: PageWatch

  beforeAll(async () => {
    listener = await listen({ handler: fixture.playground.handler, port })
    browser = await launchChromium()
  }, browserTimeoutMs)
  beforeEach(async () => {
    await removeStoredRules()
    context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    watch = watchPage(page)
    await page.goto(`${fixture.issuer}/playground`)
    await page.getByText(access === 'open' ? 'Valid rule' : 'Client secret').waitFor()
  }, browserTimeoutMs)
  afterEach(async () => await context.close())
  afterAll(async () => {
    await browser.close()
    await fixture.playground.close()
    await listener.close()
  }, browserTimeoutMs)

  async function removeStoredRules(): Promise<void> {
    const { rules } = await fixture.store.rules.list({ page: 0, perPage: 50 })
    for (const { id } of rules) await fixture.store.rules.delete(id)
  }

  return {
    fixture,
    get page() {
      return page
    },
    get requests() {
      return watch.requests
    },
    get complaints() {
      return watch.complaints
    },
    async write(label, text) {
      await page.getByRole('textbox', { name: label }).click()
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.insertText(text)
    },
  }
}

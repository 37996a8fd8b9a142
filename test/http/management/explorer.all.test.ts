import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { seedDemo } from '../../../src/cli/demo/demo.ts'
import { type HttpListener, listen } from '../../../src/http/listen.ts'
import { operations } from '../../../src/http/management/operations.ts'
import { type AuthServer, createAuthServer } from '../../../src/http/server.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/contract/store.ts'
import { browserTimeoutMs, launchChromium } from '../../browser/chromium.ts'
import { describeInBrowser } from '../../browser/describe-in-browser.ts'
import { type PageWatch, watchPage } from '../../browser/watch-page.ts'
import { freePort } from '../../cli/free-port.ts'

async function managementToken(url: string): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'demo-management',
    client_secret: 'demo-management-secret',
    audience: `${url}/api/v2/`,
  }
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  return ((await answer.json()) as { readonly access_token: string }).access_token
}

describeInBrowser('the explorer in a browser', () => {
  let store: Store
  let server: AuthServer
  let listener: HttpListener
  let browser: Browser
  let page: Page
  let url = ''
  let watch: PageWatch

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    store = await openStore('memory:')
    await seedDemo(store, url)
    server = await createAuthServer({ issuer: url, store, engine: { rules: [], limits: { workers: 1 } } })
    listener = await listen({ handler: server.handler, port })
    browser = await launchChromium()
  }, browserTimeoutMs)
  beforeEach(async () => {
    page = await browser.newPage()
    watch = watchPage(page)
    await page.goto(`${url}/api/v2/explorer`)
    await page
      .locator('.opblock')
      .nth(operations.length - 1)
      .waitFor()
  }, browserTimeoutMs)
  afterEach(async () => await page.close())
  afterAll(async () => {
    await browser.close()
    await listener.close()
    await server.close()
    await store.close()
  }, browserTimeoutMs)

  /** Opens the block of a call. An event, not a mouse: what a busy machine draws late is there all the same. */
  async function unfold(call: string): Promise<Locator> {
    const block = page.locator(call)
    await block.locator('.opblock-summary-control').dispatchEvent('click')
    return block
  }

  test('shows every call, asks nobody else for anything, and the policy has nothing to complain about', async () => {
    expect(await page.locator('.opblock').count()).toBe(operations.length)
    expect(watch.requests.length).toBeGreaterThan(4)
    expect(watch.requests.filter((one) => !one.startsWith(`${url}/api/v2/`) && !one.startsWith('data:'))).toEqual([])
    expect(watch.complaints).toEqual([])
  })

  test('says which attributes a call views and alters', async () => {
    const block = await unfold('#operations-users-updateUser')
    const table = block.locator('.opblock-description table')
    await table.waitFor()
    const rows = await table.locator('tr').allInnerTexts()
    expect(rows.map((row) => row.split(/\s*\t\s*/))).toContainEqual(['user_id', 'yes', 'never', 'no'])
  })

  describe.each<readonly [how: string, place: number, fill: (form: Locator) => Promise<void>]>([
    ['a token', 0, async (form) => await form.locator('input').fill(await managementToken(url))],
    [
      'a client and its secret, for which it fetches a token',
      1,
      async (form) => {
        await form.locator('#client_id_clientCredentials').fill('demo-management')
        await form.locator('#client_secret_clientCredentials').fill('demo-management-secret')
      },
    ],
  ])('given %s', (_how, place, fill) => {
    test('runs a call, and shows its answer', async () => {
      const press = async (selector: string): Promise<void> => await page.locator(selector).dispatchEvent('click')
      const form = page.locator('.auth-container').nth(place)
      await press('.auth-wrapper > .btn.authorize')
      await fill(form)
      await form.locator('.btn.authorize').dispatchEvent('click')
      await form.locator('.btn', { hasText: 'Logout' }).waitFor()
      await press('.close-modal')
      const call = '#operations-users-listUsers'
      await unfold(call)
      await press(`${call} .try-out__btn`)
      await press(`${call} .execute`)
      const answer = page.locator(`${call} .live-responses-table .response`)
      expect(await answer.locator('.response-col_status').innerText()).toMatch(/^200/)
      expect(await answer.locator('.highlight-code').first().innerText()).toContain('grace@example.com')
      expect(watch.complaints).toEqual([])
    })
  })

  test('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 375, height: 800 })
    const block = await unfold('#operations-users-updateUser')
    await block.locator('table.responses-table').waitFor()
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(375)
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../browser/describe-in-browser.ts'
import { openPlayground } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const looks = [1280, 375].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })))

describeInBrowser('the playground for everybody', () => {
  const opened = openPlayground()

  async function violations(): Promise<string[]> {
    await opened.page.evaluate(axe)
    const found = await opened.page.evaluate<AxeResults>('axe.run()')
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`)
  }

  test.each(looks)('passes axe and fits $width px, $scheme', async ({ width, scheme }) => {
    const { page } = opened
    await page.setViewportSize({ width, height: 860 })
    await page.emulateMedia({ colorScheme: scheme })
    const wide = (): Promise<unknown> => page.evaluate('document.scrollingElement.scrollWidth')

    await page.getByRole('button', { name: 'Rules' }).click()
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('#outcome').waitFor()
    for (const tab of [/Changes/, 'Tokens', 'Profile', /Console/, /HTTP/, 'Timeline']) {
      await page.locator('#results').getByRole('tab', { name: tab }).click()
      expect([tab, await violations(), await wide()]).toEqual([tab, [], width])
    }
    await page.getByRole('button', { name: 'Users' }).click()
    await page.locator('.found button').first().click()
    await page.locator('.profile-table').waitFor()
    expect([await violations(), await wide()]).toEqual([[], width])
    await page.getByRole('button', { name: 'Logins' }).click()
    await page.getByText('connected', { exact: true }).waitFor()
    await opened.fixture.logIn('mallory@evil.example')
    await page.locator('.logins > li').first().waitFor()
    expect([await violations(), await wide()]).toEqual([[], width])
  })

  test('tabs are moved through with the arrows', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Rules' }).click()
    await page.getByRole('tab', { name: 'user' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'context' }).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Home')
    expect(await page.getByRole('tab', { name: 'user' }).getAttribute('aria-selected')).toBe('true')
  })

  test('the switch goes before the system, and is remembered', async () => {
    const { page } = opened
    await page.emulateMedia({ colorScheme: 'light' })
    const background = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    const light = await background()
    await page.getByRole('switch', { name: 'Dark' }).click()
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.getByText('Valid rule').waitFor()
    expect(await background()).toBe(dark)
  })
})

import { describe, expect, test } from 'vitest'
import { browserTimeoutMs, hasChromium } from '../browser/chromium.ts'
import { openPlayground } from './browser.ts'

describe.runIf(hasChromium)('a playground behind a token, in a browser', { timeout: browserTimeoutMs }, () => {
  const opened = openPlayground('token')

  test('shows nothing until a client of the Management API signs in', async () => {
    const { page } = opened
    expect(await page.locator('.code-editor, .views').count()).toBe(0)
    await page.getByLabel('Client id').fill('demo-management')
    await page.getByLabel('Client secret').fill('a wrong one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Client secret').fill('demo-management-secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Valid rule').waitFor()
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('#outcome').getByText('allow').waitFor()
  })

  test('asks again once its token does not work any more', async () => {
    const { page } = opened
    await page.route('**/playground/api/run', async (route) => {
      const headers = { ...route.request().headers(), authorization: 'Bearer ended' }
      await route.continue({ headers })
    })
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.locator('.code-editor').count()).toBe(0)
  })
})

import { expect, test } from 'vitest'
import { describeInBrowser } from '../browser/describe-in-browser.ts'
import { openPlayground } from './browser.ts'

describeInBrowser('a playground behind a token, in a browser', () => {
  const opened = openPlayground('token')

  async function signIn(): Promise<void> {
    const { page } = opened
    await page.getByLabel('Client id').fill('demo-management')
    await page.getByLabel('Client secret').fill('demo-management-secret')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Valid rule').waitFor()
  }

  test('shows nothing until a client of the Management API signs in', async () => {
    const { page } = opened
    expect(await page.locator('.code-editor, .views').count()).toBe(0)
    await page.getByLabel('Client id').fill('demo-management')
    await page.getByLabel('Client secret').fill('a wrong one')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await signIn()
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('#outcome').getByText('allow').waitFor()
  })

  test('asks again once its token does not work any more', async () => {
    const { page } = opened
    await signIn()
    await page.route('**/playground/api/run', async (route) => {
      const headers = { ...route.request().headers(), authorization: 'Bearer ended' }
      await route.continue({ headers })
    })
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.locator('.code-editor').count()).toBe(0)
  })
})

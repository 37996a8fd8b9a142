import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../browser/describe-in-browser.ts'
import { openPlayground } from './browser.ts'

const gold = `function (user, context, callback) {
  console.log('making', user.email, 'gold');
  user.tier = 'gold';
  context.idToken['https://claimsmith.example/tier'] = 'gold';
  callback(null, user, context);
}`
const source = 'Source of the rule'

describeInBrowser('the playground in a browser', () => {
  const opened = openPlayground()
  const result = (text: string | RegExp) => opened.page.locator('#results').getByText(text)
  const writeGold = async (): Promise<void> => {
    await opened.page.getByLabel('Name', { exact: true }).fill('make-gold')
    await opened.write(source, gold)
  }
  const showTab = async (name: RegExp | string): Promise<void> =>
    await opened.page.locator('#results').getByRole('tab', { name }).click()

  test('opens with a rule and a login, asks nobody else for anything, and breaks no policy', async () => {
    const { page, fixture, requests, complaints } = opened
    expect(await page.locator('.login .cm-content').innerText()).toContain('"email": "ada@example.com"')
    expect(requests.filter((url) => !url.startsWith(fixture.issuer) && !url.startsWith('data:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  test('what it loads is less than 300 kB', async () => {
    const { fixture } = opened
    const sizes = await Promise.all(
      ['/playground', '/playground/app.js', '/playground/app.css'].map(async (path) => {
        return gzipSync(await (await fixture.send(path)).bytes()).length
      }),
    )
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000)
  })

  test('an edited rule runs with Ctrl and Enter, and shows its changes, console, tokens and timeline', async () => {
    const { page } = opened
    await writeGold()
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.locator('#outcome').getByText('allow').waitFor()
    await result('user.tier').waitFor()
    await result('context.idToken["https://claimsmith.example/tier"]').waitFor()
    await showTab(/Console/)
    await result('making ada@example.com gold').waitFor()
    await showTab('Timeline')
    expect(await page.locator('.timeline .name').allInnerTexts()).toEqual(expect.arrayContaining(['make-gold']))
    expect(await page.locator('.timeline .bar').count()).toBe(9)
    await showTab('Tokens')
    await page.locator('.claim.mine', { hasText: 'https://claimsmith.example/tier' }).waitFor()
    await showTab('Profile')
    const row = page.locator('.compare tr', { has: page.getByRole('rowheader', { name: 'tier', exact: true }) })
    expect(await row.locator('td').allInnerTexts()).toEqual(['"gold"', 'none'])
    await showTab(/Changes/)
  })

  test('names are completed from the schemas, the login at hand, and the sandbox', async () => {
    const { page, write } = opened
    await write(source, 'function (user, context, callback) { user')
    await page.keyboard.type('.phone_v')
    const list = page.locator('.cm-tooltip-autocomplete')
    await list.getByText('phone_verified').first().waitFor()
    expect(await list.innerText()).toContain('boolean')
    await write(source, 'exports.onExecutePostLogin = async (event, api) => { api.idToken')
    await page.keyboard.type('.')
    await list.getByText('setCustomClaim').waitFor()
    await page.keyboard.press('Escape')
  })

  test('a mistake is shown where it is, and a rule that has one is not saved', async () => {
    const { page, fixture, write } = opened
    await writeGold()
    await write(source, 'function (user, context, callback) {\n  callback(null, user,, context)\n}')
    await page.getByText('Line 2, column 23').waitFor()
    await page.locator('.writing .cm-lintRange-error').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('#problem').getByText('make-gold, line 2, column 23').waitFor()
    expect((await fixture.store.rules.getCurrent()).rules).toEqual([])
  })

  test('a rule that hangs ends as RULE_CPU, and the page goes on', async () => {
    const { page, write } = opened
    await write(source, 'function (user, context, callback) { for (;;); }')
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('#outcome').getByText('RULE_CPU').waitFor()
    await write(source, gold)
    await page.getByRole('button', { name: /^Run/ }).click()
    await page.locator('#outcome').getByText('allow').waitFor()
    expect(await page.locator('#outcome').innerText()).not.toContain('RULE_CPU')
  })

  test('the run can be copied as a test', async () => {
    const { page } = opened
    await writeGold()
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.locator('#outcome').getByText('allow').waitFor()
    await page.getByRole('button', { name: 'Copy as test' }).click()
    await page.getByRole('status').getByText('The test is in the clipboard.').waitFor()
    const text = await page.evaluate('navigator.clipboard.readText()')
    expect(text).toContain("from 'claimsmith/testing'")
    expect(text).toContain('loadRule("./rules/make-gold.js"')
    expect(text).toContain('expect(outcome).toSetIdTokenClaim("https://claimsmith.example/tier", "gold")')
  })

  test('a saved rule runs at the next real login, which appears among the logins', async () => {
    const { page, fixture } = opened
    await writeGold()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').getByText('Saved in the store').waitFor()
    await page.getByRole('button', { name: 'Logins' }).click()
    await page.getByText('connected', { exact: true }).waitFor()
    const tokens = (await (await fixture.logIn('grace@example.com')).json()) as Record<string, string>
    const headers = { authorization: `Bearer ${tokens['access_token']}` }
    const profile = await (await fetch(`${fixture.issuer}/userinfo`, { headers })).json()
    expect(profile).toMatchObject({ tier: 'gold', 'https://claimsmith.example/tier': 'gold' })
    await fixture.logIn('mallory@evil.example')
    const entries = page.locator('.logins > li')
    await entries.getByText('mallory@evil.example', { exact: true }).waitFor()
    await page.getByLabel('Search').fill('make-gold')
    expect(await entries.count()).toBe(1)
    await entries.locator('summary').click()
    await entries.getByText('making grace@example.com gold').waitFor()
  })

  test('a user is found with q; the raw profile is edited as far as it may be', async () => {
    const { page, fixture } = opened
    await page.getByRole('button', { name: 'Users' }).click()
    await page.getByLabel('Search with q').fill('email:lin*')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('.total').getByText('1 user').waitFor()
    await page.locator('.found button').click()
    await page.getByRole('heading', { name: 'lin@example.org' }).waitFor()
    const picture = page.locator('.profile-table tr', { hasText: 'picture' }).first()
    expect(await picture.getAttribute('class')).toContain('held')
    expect(await picture.innerText()).toContain('The connection (facebook)')
    expect(await picture.locator('td').nth(1).innerText()).toContain('chosen-by-lin')
    await page.getByLabel('app_metadata, as JSON').fill('{ "seats": 5 }')
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await page.getByRole('status').getByText('Saved.').waitFor()
    const [lin] = await fixture.store.users.findByEmail('lin@example.org')
    expect(lin?.app_metadata).toEqual({ seats: 5 })
  })
})

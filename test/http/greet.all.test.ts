import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect, onTestFinished, test } from 'vitest'
import { greet } from '../../src/http/greet.ts'
import { listen } from '../../src/http/listen.ts'
import { launchChromium } from '../browser/chromium.ts'
import { describeInBrowser } from '../browser/describe-in-browser.ts'
import { watchPage } from '../browser/watch-page.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describeInBrowser('the first page of a server', () => {
  test.each(['light', 'dark'] as const)('has its style, and passes axe, %s', async (colorScheme) => {
    const server = (): Promise<Response> => Promise.resolve(new Response(null, { status: 404 }))
    const options = { issuer: 'http://127.0.0.1', hasPlayground: true, isDemo: true }
    const listener = await listen({ handler: greet(server, options), port: 0 })
    onTestFinished(() => listener.close())
    const browser = await launchChromium()
    onTestFinished(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 375, height: 800 }, colorScheme })
    const watch = watchPage(page)
    await page.goto(listener.url)
    expect(await page.evaluate('getComputedStyle(document.querySelector("li")).marginTop')).toBe('8px')
    expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(375)
    expect(watch.complaints).toEqual([])
    await page.evaluate(axe)
    expect((await page.evaluate<AxeResults>('axe.run()')).violations).toEqual([])
  })
})

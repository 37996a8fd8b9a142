import { expect, test } from 'vitest'
import { readPage } from '../../scripts/docs/read-page.ts'
import { hostErrorCodes, ruleErrorCodes } from '../../src/errors/codes.ts'

const { headings } = readPage('docs/troubleshooting.md')

test.each([...ruleErrorCodes, ...hostErrorCodes])('the page on troubleshooting has an entry for %s', (code) => {
  expect(headings.map(({ text }) => text)).toContain(code.toLowerCase())
})

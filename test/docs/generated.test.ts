import { readFileSync } from 'node:fs'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { buildLlmsText } from '../../scripts/docs/build-llms-text.ts'
import { fillTables } from '../../scripts/docs/fill-tables.ts'
import { listPages } from '../../scripts/docs/list-pages.ts'
import { readPage } from '../../scripts/docs/read-page.ts'
import { tables } from '../../scripts/docs/tables.ts'

const staleMessage = 'a generated table is stale: run `npm run docs`'

test.each(listPages())('the generated tables of %s are those of the code', (file) => {
  const text = readFileSync(file, 'utf8')
  expect(fillTables(text) === text, staleMessage).toBe(true)
})

test.each(listPages().filter((file) => file !== 'README.md'))('%s has no text that would be taken for HTML', (file) => {
  const tags: string[] = []
  visit(readPage(file).tree, 'html', ({ value }) => void tags.push(value))
  expect(tags.filter((tag) => !tag.startsWith('<!--'))).toEqual([])
})

test('llms.txt lists the pages as they are', () => {
  expect(readFileSync('llms.txt', 'utf8') === buildLlmsText(), 'llms.txt is stale: run `npm run docs`').toBe(true)
})

test('every generated table stands on a page', () => {
  const pages = listPages().map((file) => readFileSync(file, 'utf8'))
  const missing = [...tables.keys()].filter(
    (name) => !pages.some((page) => page.includes(`<!-- generated:${name} -->`)),
  )
  expect(missing).toEqual([])
})

test.each([
  [
    '<!-- generated:nothing -->\n<!-- /generated:nothing -->',
    'there is no generated table nothing; there are limits, ',
  ],
  ['<!-- generated:limits -->\n', 'the marker generated:limits has no end: <!-- /generated:limits -->'],
])('the marker %j is refused', (text, message) => {
  expect(() => fillTables(text)).toThrow(message)
})

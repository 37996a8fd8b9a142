import type { Paragraph, PhrasingContent } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { SKIP, visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { listPages } from '../../scripts/docs/list-pages.ts'
import { type Page, getLine, readPage } from '../../scripts/docs/read-page.ts'

/** Words that the product gives a meaning of its own, each with what looks like it and is something else. */
const productWords = [
  { word: 'realm' },
  { word: 'overlay' },
  { word: 'ruleset' },
  { word: 'outcome' },
  { word: 'trace', otherUse: 'stack traces?' },
  { word: 'isolate' },
  { word: 'worker', otherUse: 'worker threads?' },
  { word: 'raw profile' },
  { word: 'enriched profile' },
  { word: 'suspended login' },
  { word: 'dry run' },
]

const pages = listPages().map((file) => readPage(file))

/** A piece of prose: what a reader reads as text, and where its link leads. */
interface Prose {
  readonly line: number
  readonly text: string
  readonly url: string | undefined
}

/** Lists the prose of a page. Headings, tables, code and what is generated are not prose. */
function listProse({ tree }: Page): Prose[] {
  const prose: Prose[] = []
  const add = (node: PhrasingContent, url: string | undefined): void => {
    if (node.type === 'text') prose.push({ line: getLine(node), text: node.value.replaceAll(/\s+/g, ' '), url })
    else if ('children' in node) for (const child of node.children) add(child, node.type === 'link' ? node.url : url)
  }
  let isGenerated = false
  for (const block of tree.children) {
    if (block.type === 'html') isGenerated = block.value.includes('<!-- generated:')
    if (isGenerated) continue
    visit(block, 'paragraph', (node: Paragraph) => {
      for (const child of node.children) add(child, undefined)
      return SKIP
    })
  }
  return prose
}

test.each(pages.filter(({ file }) => file !== 'docs/glossary.md'))(
  'in $file the first use of a word of the product links to the glossary',
  (page) => {
    const prose = listProse(page)
    const unlinked = productWords.flatMap(({ word, otherUse }) => {
      const pattern = new RegExp(`\\b${word}s?\\b`, 'i')
      const isUse = (text: string): boolean =>
        pattern.test(otherUse === undefined ? text : text.replaceAll(new RegExp(otherUse, 'gi'), ''))
      const first = prose.find(({ text, url }) => isUse(text) && (url === undefined || url.includes('glossary.md')))
      const anchor = `glossary.md#${word.replaceAll(' ', '-')}`
      // A link in a table before it does as well.
      const isLinked = page.links.some(({ line, text }) => text.endsWith(anchor) && line <= (first?.line ?? 0))
      if (first === undefined || isLinked) return []
      return [`${page.file}:${first.line}: the first “${word}” does not link to ${anchor}`]
    })
    expect(unlinked).toEqual([])
  },
)

test('the glossary has a heading for each of these words', () => {
  const glossary = pages.find(({ file }) => file === 'docs/glossary.md')
  const anchors = glossary?.headings.map(({ text }) => text)
  expect(anchors).toEqual(expect.arrayContaining(productWords.map(({ word }) => word.replaceAll(' ', '-'))))
})

test('the words of the glossary are in alphabetical order', () => {
  const glossary = pages.find(({ file }) => file === 'docs/glossary.md')
  const [, ...anchors] = glossary?.headings.map(({ text }) => text) ?? []
  expect(anchors).toEqual(anchors.toSorted())
})

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

test('no entry of the glossary has more than four sentences', () => {
  const glossary = pages.find(({ file }) => file === 'docs/glossary.md')
  const paragraphs = glossary?.tree.children.filter(({ type }) => type === 'paragraph').map((node) => toString(node))
  expect(paragraphs?.filter((text) => [...segmenter.segment(text)].length > 4)).toEqual([])
})

const metaphors =
  /\b(?:turnstile|roster|crumb|front door|off the books|leave the house|stand-ins?|patience|brokenOff)\b/i

test.each(pages)('$file names things by the words of the field', ({ file, text }) => {
  const lines = text
    .split('\n')
    .flatMap((line, index) => (metaphors.test(line) ? [`${file}:${index + 1}: ${line}`] : []))
  expect(lines).toEqual([])
})

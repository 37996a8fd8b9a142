import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { listPages } from '../../scripts/docs/list-pages.ts'
import { type Page, readPage } from '../../scripts/docs/read-page.ts'

const pages = new Map(
  [...listPages(), 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].map((file) => [file, readPage(file)]),
)

/** Resolves a link within the repository to a file and an anchor; undefined for an address elsewhere. */
function resolveLink(from: string, link: string): { file: string; anchor: string | undefined } | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(link)) return undefined
  const [path = '', anchor] = decodeURI(link).split('#')
  return { file: path === '' ? from : relative('.', join(dirname(from), path)), anchor }
}

/** Says what is wrong with a link; undefined if it resolves. */
function findWrongLink(from: string, line: number, link: string): string | undefined {
  const target = resolveLink(from, link)
  if (target === undefined) return undefined
  const { file, anchor } = target
  if (!existsSync(file)) return `${from}:${line}: ${link}: there is no file ${file}`
  if (anchor === undefined) return undefined
  const page = pages.get(file)
  if (page === undefined) return `${from}:${line}: ${link}: ${file} has no anchors`
  return page.headings.some(({ text }) => text === anchor)
    ? undefined
    : `${from}:${line}: ${link}: ${file} has no heading with the anchor ${anchor}`
}

test.each([...pages.values()])('every link of $file leads to a file, or to a heading of a page', ({ file, links }) => {
  expect(links.map(({ line, text }) => findWrongLink(file, line, text)).filter((wrong) => wrong !== undefined)).toEqual(
    [],
  )
})

test('every page that sources and messages name exists, with its heading', () => {
  const sources = globSync(['{src,types,rules-examples,schemas,scripts,test}/**/*.{ts,tsx,js,cjs,json}'], {
    exclude: ['test/docs/**'],
  })
  const wrong = sources.flatMap((source) => {
    const names = [...readFileSync(source, 'utf8').matchAll(/\bdocs\/[\w-]+\.md(?:#[\w-]+)?/g)]
    return names.map(([name]) => findWrongLink('README.md', 0, name)).filter((problem) => problem !== undefined)
  })
  expect(wrong).toEqual([])
})

test.each(['CONTRIBUTING.md', 'docs/architecture.md'])('every file and folder that %s names is there', (file) => {
  const names: string[] = []
  visit(pages.get(file)?.tree ?? { type: 'root', children: [] }, 'inlineCode', ({ value }) => {
    if (/^(?:src|test|scripts|types|sandbox|engine|login|http)(?:\/[\w.-]+)+\/?$/.test(value)) names.push(value)
  })
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !existsSync(name) && !existsSync(join('src', name)))).toEqual([])
})

test('every page can be reached from the README', () => {
  const reached = new Set<string>()
  const visitPage = (file: string): void => {
    if (reached.has(file) || !pages.has(file)) return
    reached.add(file)
    for (const { text } of pages.get(file)?.links ?? []) visitPage(resolveLink(file, text)?.file ?? '')
  }
  visitPage('README.md')
  expect(listPages().filter((file) => !reached.has(file))).toEqual([])
})

const maxLines: Readonly<Record<string, number>> = { 'README.md': 150, 'CONTRIBUTING.md': 150, 'CHANGELOG.md': 60 }

test.each([...pages.values()])('$file is short enough to be read', ({ file, text }: Page) => {
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(maxLines[file] ?? 300)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPages } from './list-pages.ts'
import { type Page, readPage } from './read-page.ts'

/** Builds `llms.txt` (https://llmstxt.org): the pages in the order in which the README links them, then the others. */
export function buildLlmsText(): string {
  const { description } = JSON.parse(readFileSync('package.json', 'utf8')) as { description: string }
  const [readme, ...pages] = listPages().map((file) => readPage(file))
  const linked = (readme?.links ?? []).map(({ text }) => join(text.replace(/#.*/, '')))
  const rank = ({ file }: Page): number => (linked.includes(file) ? linked.indexOf(file) : linked.length)
  const sorted = pages.toSorted((one, other) => rank(one) - rank(other))
  return [
    '# claimsmith',
    `> ${description}`,
    ...(readme === undefined ? [] : [`- [README](README.md): ${readme.summary}`]),
    '## Docs',
    sorted.map(({ file, title, summary }) => `- [${title}](${file}): ${summary}`).join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

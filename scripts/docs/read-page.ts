import { readFileSync } from 'node:fs'
import GithubSlugger from 'github-slugger'
import type { Node, Root } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { remark } from 'remark'
import remarkGfm from 'remark-gfm'
import { visit } from 'unist-util-visit'

/** A heading or a link of a page, and where it is. */
export interface PagePlace {
  readonly line: number
  readonly text: string
}

/** A Markdown page: its tree, and what is looked up in it. */
export interface Page {
  /** Path from the root of the repository. */
  readonly file: string
  readonly text: string
  readonly tree: Root
  readonly title: string
  /** The first sentence of the first paragraph. */
  readonly summary: string
  /** `text` is the anchor that GitHub gives to the heading. */
  readonly headings: readonly PagePlace[]
  /** `text` is the address as it is written. */
  readonly links: readonly PagePlace[]
}

const parser = remark().use(remarkGfm)
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })

export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8')
  const tree = parser.parse(text)
  const slugger = new GithubSlugger()
  const headings: PagePlace[] = []
  const links: PagePlace[] = []
  visit(tree, (node) => {
    if (node.type === 'heading') headings.push({ line: getLine(node), text: slugger.slug(toString(node)) })
    if ('url' in node) links.push({ line: getLine(node), text: node.url })
  })
  const title = tree.children.find(({ type }) => type === 'heading')
  const paragraph = tree.children.find(({ type }) => type === 'paragraph')
  const [summary] = sentences.segment(toString(paragraph).replaceAll(/\s+/g, ' '))
  return { file, text, tree, headings, links, title: toString(title), summary: summary?.segment.trim() ?? '' }
}

/** The line on which a node begins, from 1. */
export function getLine(node: Node): number {
  return node.position?.start.line ?? 0
}

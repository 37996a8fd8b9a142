import { readFileSync } from 'node:fs'
import GithubSlugger from 'github-slugger'
import type { Nodes, Root } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { remark } from 'remark'
import remarkGfm from 'remark-gfm'
import { visit } from 'unist-util-visit'
import { type CodeBlock, parseCodeBlock } from './code-block.ts'

/** A heading or link of a page, and where it is. */
export interface PagePlace {
  readonly line: number
  readonly text: string
}

/** A Markdown page: its tree, and what the tests look at. */
export interface Page {
  /** Path from the root of the repository. */
  readonly file: string
  readonly text: string
  readonly tree: Root
  /** `text` is the anchor that GitHub gives to the heading. */
  readonly headings: readonly PagePlace[]
  /** `text` is the address, as it is written. */
  readonly links: readonly PagePlace[]
  readonly blocks: readonly CodeBlock[]
  /** Code blocks that do not say how they are tested. They are not among `blocks`. */
  readonly wrongBlocks: readonly string[]
}

/** Reads a page. */
export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8')
  const tree = remark().use(remarkGfm).parse(text)
  const slugger = new GithubSlugger()
  const headings: PagePlace[] = []
  const links: PagePlace[] = []
  visit(tree, (node) => {
    if (node.type === 'heading') headings.push({ line: getLine(node), text: slugger.slug(toString(node)) })
    if ('url' in node) links.push({ line: getLine(node), text: node.url })
  })
  return { file, text, tree, headings, links, ...readBlocks(tree, file) }
}

function readBlocks(tree: Root, file: string): Pick<Page, 'blocks' | 'wrongBlocks'> {
  const blocks: CodeBlock[] = []
  const wrongBlocks: string[] = []
  visit(tree, 'code', (node, index, parent) => {
    const place = `${file}:${getLine(node)}`
    const output = findOutput((parent?.children ?? []).slice((index ?? 0) + 1))
    try {
      blocks.push(parseCodeBlock({ place, info: `${node.lang ?? ''} ${node.meta ?? ''}`, code: node.value, output }))
    } catch (error) {
      wrongBlocks.push((error as Error).message)
    }
  })
  return { blocks, wrongBlocks }
}

/** Finds the `text` block that comes at once, or after one paragraph. */
function findOutput([next, second]: readonly Nodes[]): string | undefined {
  const node = next?.type === 'paragraph' ? second : next
  return node?.type === 'code' && node.lang === 'text' ? node.value : undefined
}

function getLine(node: Nodes): number {
  return node.position?.start.line ?? 0
}

import type { Nodes } from 'mdast'
import { visit } from 'unist-util-visit'
import { type Page, getLine } from '../../scripts/docs/read-page.ts'
import { type CodeBlock, parseCodeBlock } from './code-block.ts'

/** The code blocks of a page. */
export interface PageBlocks {
  readonly blocks: readonly CodeBlock[]
  /** What is wrong with blocks that do not say how they are tested. They are not among `blocks`. */
  readonly wrongBlocks: readonly string[]
}

export function readBlocks({ tree, file }: Page): PageBlocks {
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

import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { getLineInfo } from 'acorn'
import { isFile } from '../folder/folder-files.ts'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import { keywordPattern, quoteKeywords, replaceKeywords, type Mappings } from './keywords.ts'
import type { UnresolvedKeyword } from './tenant.ts'

/** The files of a deployment, with their keywords replaced. */
export interface DeployFiles {
  readonly root: string
  /** Reads a file by its path from the root, and collects its unresolved keywords. */
  readText(path: string): string
  /** Reads and parses a JSON file, and collects its unresolved keywords. */
  readJson(path: string): unknown
  /** Collects the unresolved keywords of a file's text, or of a part of it. */
  collectKeywords(path: string, text: string, part?: readonly [start: number, end: number]): void
  /** Returns the first of these files that exists. A file outside the root counts as missing. */
  find(paths: readonly string[]): string | undefined
  readonly unresolvedKeywords: readonly UnresolvedKeyword[]
}

export function createDeployFiles(root: string, mappings: Mappings): DeployFiles {
  const unresolvedKeywords: UnresolvedKeyword[] = []
  const collectKeywords: DeployFiles['collectKeywords'] = (path, text, [start, end] = [0, text.length]) => {
    for (const { index, 0: keyword } of text.matchAll(keywordPattern)) {
      if (index >= start && index < end)
        unresolvedKeywords.push({ marker: keyword, file: path, line: getLineInfo(text, index).line })
    }
  }
  const read = (path: string): string =>
    replaceKeywords(readFileSync(join(root, path), 'utf8').replace(/^\uFEFF/, ''), mappings)
  return {
    root,
    unresolvedKeywords,
    collectKeywords,
    readText(path) {
      const text = read(path)
      collectKeywords(path, text)
      return text
    },
    readJson(path) {
      const text = read(path)
      collectKeywords(path, text)
      return parseJson(path, quoteKeywords(text))
    },
    find: (paths) =>
      paths
        .map((path) => relative(root, resolve(root, path.replaceAll('\\', '/'))))
        .find((path) => path !== '' && !path.startsWith('..') && isFile(join(root, path))),
  }
}

/** The parser's own message quotes the text, which may be a secret. Only the position is taken from it. */
function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const position = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0]
    const keywords = [...new Set(text.match(keywordPattern))].join(', ')
    const cure = keywords === '' ? '' : `; it holds ${keywords}: give values with --mappings`
    throw createRulesetError(`${path} is not valid JSON${position === undefined ? '' : ` at ${position}`}${cure}.`, {
      file: path,
    })
  }
}

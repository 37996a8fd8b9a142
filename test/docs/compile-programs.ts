import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import type { CodeBlock } from './code-block.ts'
import type { LinkedProject } from './linked-project.ts'
import type { Page } from '../../scripts/docs/read-page.ts'
import { readBlocks } from './read-blocks.ts'

const run = promisify(execFile)
const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  module: 'nodenext',
  target: 'es2024',
  moduleDetection: 'force',
  allowImportingTsExtensions: true,
  types: ['node'],
}

/** Compiles every program and file in TypeScript of all pages at once. Resolves to errors such as `docs/page.md:12: …`. */
export async function compilePrograms(pages: readonly Page[], project: LinkedProject): Promise<readonly string[]> {
  const folder = project.createFolder('typescript')
  const places = new Map<string, string>()
  for (const page of pages) {
    for (const block of readBlocks(page).blocks.filter((candidate) => isCompiled(candidate))) {
      const line = block.place.split(':').at(-1)
      const file = join(folder, page.file.replace(/\.md$/, ''), block.title ?? `line-${line}.ts`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, block.code)
      places.set(relative(folder, file), block.place)
    }
  }
  if (places.size === 0) return []
  const files = [...places.keys()]
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { stdout } = await run(join(project.root, 'node_modules/.bin/tsc'), ['--project', '.', '--pretty', 'false'], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
  }).catch((error: { stdout: string }) => error)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => toPageLine(line, places))
}

function isCompiled({ language, title, skip, isFragment }: CodeBlock): boolean {
  if (skip !== undefined || isFragment) return false
  return title === undefined ? language === 'ts' : title.endsWith('.ts')
}

/** Replaces the place in a generated file with the place in the page. */
function toPageLine(line: string, places: ReadonlyMap<string, string>): string {
  const match = /^([^(]+)\((\d+),\d+\): (.*)$/.exec(line)
  const [, file = '', at = '', message = ''] = match ?? []
  const [page, start] = (places.get(file) ?? '').split(':')
  return match === null || start === undefined ? line : `${page}:${Number(start) + Number(at)}: ${message}`
}

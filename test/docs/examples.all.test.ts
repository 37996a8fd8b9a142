import { afterAll, beforeAll, expect, test } from 'vitest'
import { listPages } from '../../scripts/docs/list-pages.ts'
import { readPage } from '../../scripts/docs/read-page.ts'
import { compilePrograms } from './compile-programs.ts'
import { createLinkedProject } from './linked-project.ts'
import { readBlocks } from './read-blocks.ts'
import { runPage } from './run-page.ts'

const project = createLinkedProject()
let compileErrors: readonly string[] = []

beforeAll(async () => {
  compileErrors = await compilePrograms(
    listPages().map((file) => readPage(file)),
    project,
  )
}, 120_000)
afterAll(() => project.remove())

test.each(listPages())(
  '%s: what it shows runs, prints what it says, and compiles',
  { timeout: 120_000 },
  async (file) => {
    const page = readPage(file)
    const { blocks, wrongBlocks } = readBlocks(page)
    expect(wrongBlocks).toEqual([])
    expect(compileErrors.filter((error) => error.startsWith(`${file}:`))).toEqual([])
    await runPage(page, blocks, project)
  },
)

test('the compiler complains of nothing but pages', () => {
  expect(compileErrors.filter((error) => !error.includes('.md:'))).toEqual([])
})

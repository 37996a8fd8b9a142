import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const readme = readFileSync('README.md', 'utf8')
const run = promisify(execFile)

interface Example {
  readonly language: string
  readonly code: string
  readonly output: string | undefined
}

/** Every `ts` and `js` block is a whole program; the `text` block right after it is what it prints. */
function examples(): Example[] {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))
  return blocks.flatMap(({ language, code }, index) => {
    if (language !== 'ts' && language !== 'js') return []
    const next = blocks[index + 1]
    return [{ language, code, output: next?.language === 'text' ? next.code : undefined }]
  })
}

test.each(examples())(
  'README example $# runs as it stands and prints what the README says',
  async ({ language, code, output }) => {
    const folder = mkdtempSync(join(tmpdir(), 'claimsmith-readme-'))
    try {
      mkdirSync(join(folder, 'node_modules'))
      symlinkSync(process.cwd(), join(folder, 'node_modules', 'claimsmith'), 'junction')
      for (const name of ['express', 'express-oauth2-jwt-bearer', 'better-auth', '@better-auth']) {
        symlinkSync(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name), 'junction')
      }
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
      writeFileSync(join(folder, `example.${language}`), code)
      const { stdout } = await run(process.execPath, [`example.${language}`], { cwd: folder, timeout: 20_000 })
      expect(stdout.trim()).toBe(output?.trim())
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

test('the README has examples', () => {
  expect(examples().length).toBeGreaterThan(3)
})

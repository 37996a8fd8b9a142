import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { installBuiltPackage } from './built-package.ts'

const run = promisify(execFile)
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types: string }>
}
/** The entries that have code: `./rules` has types only. */
const entries = Object.keys(exports)
  .filter((name) => !name.endsWith('.json') && typeof exports[name] === 'string')
  .map((name) => name.replace('.', 'claimsmith'))

/** The path of a Node.js of this major version, from the registry; undefined if it cannot be had. */
async function installNode(major: number): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), `claimsmith-node-${major}-`))
  afterAll(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ allowScripts: { node: true } }))
  const flags = ['--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund']
  try {
    await run('npm', ['install', `node@${major}`, ...flags], { shell: process.platform === 'win32' })
    const path = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    await run(path, ['--version'])
    return path
  } catch {
    return undefined
  }
}

const installed = await Promise.all([20, 22, 25].map(async (major) => ({ major, node: await installNode(major) })))

const embedder = installBuiltPackage()

for (const { major, node = '' } of installed) {
  const reason = node === '' ? ' (skipped: npm could not install it)' : ''
  describe.skipIf(node === '')(`Node.js ${major}${reason}`, () => {
    const sentence = new RegExp(
      String.raw`^Node\.js 24 from 24\.\d+\.\d+ on, or 26\.\d+\.\d+ or newer, is needed; this is Node\.js ${major}\.\d+\.\d+$`,
    )

    /** What importing an entry comes to, in a process of its own. */
    async function importEntry(entry: string): Promise<{ code?: string; message?: string; names?: string[] }> {
      const script = `
        import(${JSON.stringify(entry)}).then(
          (module) => ({ names: Object.keys(module) }),
          ({ code, message }) => ({ code, message }),
        ).then((result) => process.stdout.write(JSON.stringify(result)))`
      const { stdout } = await run(node, ['--eval', script], { cwd: embedder })
      return JSON.parse(stdout) as Awaited<ReturnType<typeof importEntry>>
    }

    test.each(entries.filter((entry) => entry !== 'claimsmith/overlay'))(
      '%s says which Node.js it needs, and which this is',
      async (entry) => {
        expect(await importEntry(entry)).toEqual({
          code: 'UNSUPPORTED_NODE',
          message: expect.stringMatching(sentence) as string,
        })
      },
    )

    test('claimsmith/overlay works, as it does in a browser', async () => {
      expect(await importEntry('claimsmith/overlay')).toEqual({ names: ['overlay', 'parseOverlay'] })
    })

    test('the command line says it in one line, and exits with 1', async () => {
      const main = join(embedder, 'node_modules', 'claimsmith', 'dist', 'cli', 'main.js')
      const { code, stdout, stderr } = (await run(node, [main, '--version']).catch((error: unknown) => error)) as {
        code: number
        stdout: string
        stderr: string
      }
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr.replace(/^claimsmith: (.*)\n$/, '$1')).toMatch(sentence)
    })
  })
}

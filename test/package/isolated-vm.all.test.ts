import { execFile } from 'node:child_process'
import { cpSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { installBuiltPackage } from './built-package.ts'

const run = promisify(execFile)

const embedder = installBuiltPackage()

/** What an engine comes to, in a process of the embedder's: how far it got, and what it said. */
async function tryEngine(): Promise<unknown> {
  const script = `
    import { createEngine } from 'claimsmith'
    let step = 'create'
    try {
      const engine = createEngine({ rules: [], limits: { workers: 1 } })
      step = 'run'
      const { outcome } = await engine.run({ user: { user_id: 'auth0|1' } })
      await engine.close()
      console.log(JSON.stringify({ step, outcome }))
    } catch ({ code, message }) {
      console.log(JSON.stringify({ step, code, message }))
      process.exit()
    }`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: embedder })
  return JSON.parse(stdout)
}

/** Puts a copy of isolated-vm in the place of the one that is linked, so that it can be broken. */
function copyIsolatedVm(): string {
  const folder = join(embedder, 'node_modules', 'isolated-vm')
  rmSync(folder, { recursive: true, force: true })
  cpSync(join('node_modules', 'isolated-vm'), folder, { recursive: true })
  return folder
}

test('an engine runs on the binary that isolated-vm comes with', async () => {
  copyIsolatedVm()
  expect(await tryEngine()).toEqual({ step: 'run', outcome: 'allow' })
})

test('an engine is refused in one sentence if isolated-vm has no binary for this Node.js', async () => {
  const folder = copyIsolatedVm()
  for (const name of globSync('**/*.node', { cwd: folder })) rmSync(join(folder, name))
  expect(await tryEngine()).toEqual({
    step: 'create',
    code: 'SANDBOX_FAILED',
    message: expect.stringMatching(/^isolated-vm, which runs the rules, has no binary for [^\n]+$/) as string,
  })
})

test('an engine is refused in one sentence if isolated-vm is not installed', async () => {
  rmSync(copyIsolatedVm(), { recursive: true })
  expect(await tryEngine()).toEqual({
    step: 'create',
    code: 'SANDBOX_FAILED',
    message: expect.stringMatching(/^isolated-vm, which runs the rules, is not installed: [^\n]+$/) as string,
  })
})

test('unit tests of rules are told the same as they import the kit', async () => {
  rmSync(copyIsolatedVm(), { recursive: true })
  const script = "import('claimsmith/testing').catch(({ code }) => console.log(code))"
  const { stdout } = await run(process.execPath, ['--eval', script], { cwd: embedder })
  expect(stdout).toBe('SANDBOX_FAILED\n')
})

test('a binary that cannot be loaded ends a login with the line that says why, and no stack', async () => {
  const folder = copyIsolatedVm()
  for (const name of globSync('**/*.node', { cwd: folder })) writeFileSync(join(folder, name), 'no binary')
  expect(await tryEngine()).toEqual({
    step: 'run',
    code: 'SANDBOX_FAILED',
    message: expect.stringMatching(/^no worker process can be started: Error: [^\n]+isolated-vm[^\n]+$/) as string,
  })
})

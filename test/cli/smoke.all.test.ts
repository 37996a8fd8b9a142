import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { mainFile, runClaimsmith, startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

/** The other tests of commands run them in this process: these see to what only a process of its own has. */
const pass = 'function (user, context, callback) { callback(null, user, context) }'

test('a command that has done its work ends, with its exit code and nothing on stderr', async () => {
  const folder = temporaryFolder({
    'pass.js': pass,
    'broken.js': 'function (user, context, callback) { user.a.b = 1 }',
  })
  const ran = await runClaimsmith('run', join(folder, 'pass.js'), '--json')
  expect([ran.exitCode, ran.stderr, JSON.parse(ran.stdout)]).toMatchObject([0, '', { outcome: 'allow' }])
  expect(await runClaimsmith('run', join(folder, 'broken.js'))).toMatchObject({ exitCode: 1, stderr: '' })
  expect(await runClaimsmith('fly')).toMatchObject({ exitCode: 2, stdout: '' })
})

test('a server says when it is ready, answers, and ends in peace when it is told to', async () => {
  const folder = temporaryFolder({ 'pass.js': pass })
  const port = await freePort()
  const args = ['serve', '--rules', join(folder, 'pass.js'), '--port', String(port)]
  const { child, printed } = await startClaimsmith(args, /ready on .*\n/)
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } })
  expect([printed(), answer.status]).toEqual([`claimsmith ready on http://127.0.0.1:${port}\n`, 200])
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a reader that has seen enough ends the output, and nothing else', () => {
  const script = `"${process.execPath}" "${mainFile}" run --help | true`
  const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

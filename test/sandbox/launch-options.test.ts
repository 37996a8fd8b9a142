import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { listProcessTree, readResidentMemoryMb } from '../../src/sandbox/host/resources.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { describeCommands, pass, runIn } from './launch-command.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0

describe('a command starts the worker', () => {
  describeCommands(['that becomes the worker', ['nice', '-n', '5'], true])

  test.skipIf(!isLinux)('what descends from the command counts', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" -e "console.log(1); setInterval(() => {}, 1000)" & wait`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(child.stdout, 'data')
    const pids = listProcessTree(child.pid!)
    onTestFinished(() => pids.forEach((pid) => process.kill(pid, 'SIGKILL')))
    expect(pids).toHaveLength(2)
    expect(await readResidentMemoryMb(child.pid!)).toBeGreaterThan(30)
  })

  test('one that cannot be started is SANDBOX_FAILED, with the reason', async () => {
    await expect(runIn({ command: ['no-such-command-here'] }, pass)).rejects.toMatchObject({
      code: 'SANDBOX_FAILED',
      message: expect.stringContaining('no-such-command-here') as string,
    })
  })

  test.skipIf(process.platform === 'win32')(
    'one that fails is SANDBOX_FAILED, with what it wrote to stderr',
    async () => {
      await expect(
        runIn({ command: ['sh', '-c', 'echo "the walls are down" >&2; exit 3'] }, pass),
      ).rejects.toMatchObject({
        code: 'SANDBOX_FAILED',
        message: 'no worker process can be started: the walls are down',
      })
    },
  )
})

test.skipIf(!isRoot)('workers run as another user and group', async () => {
  const folder = temporaryFolder({ 'record.sh': 'id -u > "$0.out"; id -g >> "$0.out"; exec "$@"' })
  chmodSync(folder, 0o777)
  const script = join(folder, 'record.sh')
  const command = ['sh', script]
  const { user } = await runIn({ command, uid: 65_534, gid: 65_534 }, pass)
  expect(user['ran']).toBe(true)
  expect(spawnSync('cat', [`${script}.out`], { encoding: 'utf8' }).stdout).toBe('65534\n65534\n')
})

test.skipIf(isRoot || process.platform === 'win32')('a user that may not be changed to is SANDBOX_FAILED', async () => {
  await expect(runIn({ uid: 1 }, pass)).rejects.toMatchObject({ code: 'SANDBOX_FAILED' })
})

test.each([
  [{ command: [] }, `worker.command is []; give a program and its arguments, such as ['nice', '-n', '5']`],
  [{ command: 'nice' }, `worker.command is 'nice'; give a program`],
  [{ command: ['nice', 5] }, `worker.command is [ 'nice', 5 ]; give a program`],
  [{ command: ['a\0b'] }, 'give a program and its arguments'],
  [{ uid: -1 }, 'worker.uid is -1; give a number from 0 to 4294967294'],
  [{ gid: '1000' }, `worker.gid is '1000'; give a number`],
  [{ comand: ['nice'] }, 'worker: there is no option comand; did you mean command?'],
  ['nice', 'worker: a string was given; an object belongs there, with any of command, uid, gid'],
])('worker: %j is refused', (worker, message) => {
  expect(() => createEngine({ rules: [], worker: worker as never })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) as string }),
  )
})

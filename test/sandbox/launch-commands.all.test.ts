import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { describeCommands } from './launch-command.ts'

const bubblewrap = [
  'bwrap',
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--proc',
  '/proc',
  '--unshare-pid',
  '--die-with-parent',
  '--',
]
const hasBubblewrap = process.platform === 'linux' && spawnSync('bwrap', [...bubblewrap.slice(1), 'true']).status === 0
if (!hasBubblewrap) process.stdout.write('skipped: bwrap is not installed, or may not make namespaces here\n')

describe('a command starts the worker', () => {
  describeCommands(
    ['that stays its parent', ['sh', '-c', '"$@" & wait', 'sh'], true],
    ['bubblewrap', bubblewrap, hasBubblewrap],
  )
})

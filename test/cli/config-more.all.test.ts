import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { files, flags, found, readClaim, runIn, script } from './config-case.ts'

describe('the configuration file', () => {
  test('may be a module', async () => {
    const code = `export default ${JSON.stringify(flags)}`
    const folder = temporaryFolder({ ...files, 'package.json': { type: 'module' }, 'claimsmith.config.js': code })
    expect(await readClaim(folder, 'rules')).toEqual(found)
  })

  test('gives the rules to every command that works on them, and the command line replaces them', async () => {
    const config = { ...flags, rules: 'rules' }
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': config, 'one.js': script })
    expect(await readClaim(folder)).toEqual(found)
    expect((await runIn(folder, 'check')).stdout).toMatch(/^. find .*\n\n1 rule runs/m)
    expect((await runIn(folder, 'convert')).stdout).toMatch(/^. find /)
    expect((await runIn(folder, 'check', 'one.js')).stdout).toMatch(/^. one .*\n\n1 rule runs/m)
  })

  test('may have several values for a flag that repeats, and the command line replaces them', async () => {
    const allowNetwork = ['localhost:1', 'http://localhost']
    const folder = temporaryFolder({ ...files, 'claimsmith.config.json': { ...flags, allowNetwork } })
    const { exitCode, stderr } = await runIn(folder, 'run', 'rules')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--allow-network http://localhost: give host')])
    expect(stderr).toContain('(--allow-network comes from claimsmith.config.json)')
    expect(await readClaim(folder, 'rules', '--allow-network', 'localhost:2')).toEqual(found)
  })
})

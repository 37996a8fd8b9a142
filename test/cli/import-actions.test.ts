import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { directory, mappings, yaml } from '../rules/deploy/deployments.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

test.each([
  ['a folder of JSON files', directory],
  ['a tenant.yaml', yaml],
])(
  '%s that holds actions is imported, and they run after the rules in the order of their trigger',
  async (_layout, deployment) => {
    const files = Object.entries(deployment).map(([path, content]) => [`from/${path}`, content] as const)
    const folder = temporaryFolder({ ...Object.fromEntries(files), 'mappings.json': mappings })
    const to = join(folder, 'to')
    const args = [join(folder, 'from'), '--to', to, '--mappings', join(folder, 'mappings.json')]
    const { exitCode, stdout } = await claimsmith('import', ...args)
    expect(stdout).toContain('The action "first" needs its secret TOKEN')
    expect(stdout).not.toContain('configuration.json has no TOKEN')
    expect(exitCode).toBe(0)
    const engine = createEngine({ rules: to, secrets: { TOKEN: 't-1' }, limits: { workers: 1 } })
    onTestFinished(() => engine.close())
    const context = { request: { geoip: { country_code: 'AR' } }, idToken: {} }
    expect(await engine.run({ user: { user_id: 'auth0|1' }, context })).toMatchObject({
      outcome: 'allow',
      claims: { idToken: { 'https://example.com/action': 't-1' } },
      rules: [{ name: 'CRM lookup' }, { name: 'Geo' }, { name: 'second' }, { name: 'first' }],
    })
  },
)

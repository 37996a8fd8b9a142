import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { clientScopes } from '../../src/http/management/scopes.ts'
import { openStore } from '../../src/store/open.ts'
import { directory, expected, mappings, older, yaml } from '../rules/deploy/deployments.ts'
import { folderForTests } from '../rules/temporary-folder.ts'
import { runClaimsmith, startClaimsmith } from './command.ts'
import { freePort } from './free-port.ts'

interface RuleEntry {
  readonly script: string
  readonly order: number
}

/** One run of the deploy tool takes 10 s and more of CPU. */
const deployTimeoutMs = 240_000
const shell = promisify(execFile)
const deployTool = createRequire(import.meta.url).resolve('auth0-deploy-cli')
const client = { client_id: 'deployer', client_secret: 'deployer-secret-of-a-test' }
/** What the deploy tool can read of it: it refuses a file whose other parts have keywords left. */
const plainYaml = yaml['tenant.yaml'].replaceAll(/^[\s\S]*?(?=^rules:)|^actions:[\s\S]*/gm, '')

const layouts = [
  ['a folder of JSON files', folderOf(directory), 'directory', 'from'],
  ['a tenant.yaml', folderOf({ ...yaml, 'plain.yaml': plainYaml }), 'yaml', 'from/plain.yaml'],
  // The tool has given up this layout: it is shown what it exported itself.
  ['the older folder', folderOf(older), 'directory', 'out'],
] as const
const servers: ChildProcess[] = []

afterAll(async () => {
  for (const server of servers) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})

function folderOf(deployment: Readonly<Record<string, unknown>>): string {
  const files = Object.entries(deployment).map(([path, content]) => [`from/${path}`, content] as const)
  return folderForTests({ ...Object.fromEntries(files), 'out/empty.txt': '', 'mappings.json': mappings })
}

/** Imports the deployment in a folder and serves it; answers how to run the deploy tool against the server. */
async function importAndServe(folder: string): Promise<(...args: string[]) => Promise<string>> {
  const url = `sqlite:${join(folder, 'rules.db')}`
  const flags = ['--to', join(folder, 'to'), '--mappings', join(folder, 'mappings.json'), '--store', url]
  const { exitCode, stdout, stderr } = await runClaimsmith('import', join(folder, 'from'), ...flags)
  expect([exitCode, stderr, stdout]).toEqual([0, '', expect.stringContaining('also in the store')])
  const domain = `127.0.0.1:${await freePort()}`
  await addClient(url, domain)
  const args = ['serve', '--store', url, '--https', '--port', domain.split(':')[1] ?? '']
  const { child, printed } = await startClaimsmith(args, /NODE_EXTRA_CA_CERTS=\S+\s/)
  servers.push(child)
  const config = {
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: client.client_id,
    AUTH0_CLIENT_SECRET: client.client_secret,
    AUTH0_INCLUDED_ONLY: ['rules'],
    AUTH0_ALLOW_DELETE: true,
    AUTH0_KEYWORD_REPLACE_MAPPINGS: mappings,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: /NODE_EXTRA_CA_CERTS=(\S+)/.exec(printed())?.[1] }
  return async (...words) => {
    const all = [deployTool, ...words, '--config_file', 'config.json']
    // What it prints tells more than that it failed.
    const run = shell(process.execPath, all, { cwd: folder, env }).catch((error: { stdout: string }) => error)
    return (await run).stdout
  }
}

async function addClient(url: string, domain: string): Promise<void> {
  const store = await openStore(url)
  const audience = `https://${domain}/api/v2/`
  const grants = { grant_types: ['client_credentials'], audience, scopes: clientScopes }
  await store.clients.create({ ...client, name: 'Deployer', ...grants })
  await store.close()
}

/** The rules of an export, by order. */
function exportedRules(folder: string): unknown[] {
  const file = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const isYaml = readdirSync(folder).includes('tenant.yaml')
  const entries = isYaml
    ? (parse(file('tenant.yaml')) as { rules: RuleEntry[] }).rules
    : readdirSync(join(folder, 'rules'))
        .filter((name) => name.endsWith('.json'))
        .map((name) => JSON.parse(file(`rules/${name}`)) as RuleEntry)
  return entries
    .map((entry) => ({ ...entry, script: file(join(isYaml ? '.' : 'rules', entry.script)) }))
    .toSorted((one, other) => one.order - other.order)
}

describe.concurrent.each(layouts)('%s, imported into a store and served', (_layout, folder, format, compared) => {
  test(
    'is exported again as it was, and the deploy tool sees no difference',
    async () => {
      const a0deploy = await importAndServe(folder)
      await a0deploy('export', '--format', format, '--output_folder', 'out')
      expect(exportedRules(join(folder, 'out'))).toEqual(expected.rules)
      expect(await a0deploy('import', '--input_file', compared, '--dry-run')).toContain('No changes detected')
    },
    deployTimeoutMs,
  )
})

import { existsSync } from 'node:fs'
import { resolve as absolute } from 'node:path'
import { parseArgs } from 'node:util'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { type Listener, listen } from '../http/listen.ts'
import { hookSecrets } from './hook-secrets.ts'
import { createAuthServer } from '../http/server.ts'
import { openStore } from '../store/open.ts'
import { allowedAddresses } from './allow-network.ts'
import { makeCertificate, trustCommands } from './certificate.ts'
import { demoCommands, demoRules, seedDemo } from './demo.ts'
import { UsageError } from './usage.ts'

/** `claimsmith serve`: serves logins until it is told to stop; answers the exit code. */
export async function serve(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rules: { type: 'string' },
      modules: { type: 'string' },
      store: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      https: { type: 'boolean', default: false },
      'allow-network': { type: 'string', multiple: true },
      hooks: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
    },
  })
  const { demo, host } = values
  const rules = values.rules ?? (demo ? demoRules : [])
  if (demo && values.store !== undefined) throw new UsageError('--demo keeps its data in memory; leave --store out')
  const allow = allowedAddresses(values['allow-network'])
  const folders = foldersOf(values)
  const hooks = values.hooks ? hookSecrets(process.env) : undefined
  const port = portOf(values.port, process.env['PORT'])
  const reachable = reachableHost(host)
  const issuer = `${values.https ? 'https' : 'http'}://${reachable}:${port}`
  const store = await openStore(values.store ?? 'memory:')
  const assertion = demo ? await seedDemo(store, issuer) : undefined
  const server = await createAuthServer({
    issuer,
    store,
    engine: { rules, network: { allow }, ...folders },
    login: { overlay: { picture: 'user_metadata.picture || picture' } },
    ...(hooks === undefined ? {} : { hooks }),
    onError: (error, requestId) => process.stderr.write(`request ${requestId} failed: ${String(error)}\n`),
    onRefusedRules: (error) => process.stderr.write(`the stored rules were not taken: ${String(error)}\n`),
  })
  const tls = values.https ? await makeCertificate(reachable.replace(/^\[|\]$/g, '')) : undefined
  const listener = await listen({ handler: server.handler, port, host, ...(tls && { tls }) }).catch(tellWhyNot)
  if (listener !== undefined) {
    process.stdout.write(`claimsmith ready on ${issuer}\n`)
    if (tls !== undefined) process.stdout.write(trustCommands(tls))
    for (const vendor of Object.keys(hooks ?? {})) process.stdout.write(`${vendor}: ${issuer}/hooks/${vendor}\n`)
    if (assertion !== undefined) process.stdout.write(demoCommands(issuer, assertion))
    await toldToStop()
    await listener.close()
  }
  tls?.remove()
  await server.close()
  await store.close()
  return listener === undefined ? 1 : 0
}

/** Where stored rules find their modules. */
function foldersOf({ modules }: { readonly modules?: string }): { readonly modulesFolder?: string } {
  if (modules === undefined) return {}
  if (!existsSync(modules)) throw new UsageError(`--modules ${modules}: there is no such folder`)
  return { modulesFolder: absolute(modules) }
}

/** A port that is taken is nobody's wrong usage. */
function tellWhyNot(error: unknown): Listener | undefined {
  if (!(error instanceof ClaimsmithError)) throw error
  process.stderr.write(`claimsmith: ${error.message}\n`)
  return undefined
}

/** The flag, else the variable: one that is set to nothing counts as not set. */
function portOf(flag: string | undefined, variable: string | undefined): number {
  const text = flag ?? (variable === undefined || variable === '' ? '3000' : variable)
  const port = Number(text)
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port
  throw new UsageError(`${flag === undefined ? 'PORT' : '--port'} ${text} is no port; give a number from 1 to 65535`)
}

/** The host as clients write it. `0.0.0.0` and `::` mean every address of this machine, and none that could be called. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

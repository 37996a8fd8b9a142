import { parseArgs } from 'node:util'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { type Listener, listen } from '../http/listen.ts'
import { createAuthServer } from '../http/server.ts'
import { openStore } from '../store/open.ts'
import { allowedAddresses } from './allow-network.ts'
import { demoCommands, demoRules, seedDemo } from './demo.ts'
import { UsageError } from './usage.ts'

/** `claimsmith serve`: serves logins until it is told to stop; answers the exit code. */
export async function serve(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rules: { type: 'string' },
      store: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      'allow-network': { type: 'string', multiple: true },
      demo: { type: 'boolean', default: false },
    },
  })
  const { demo, host } = values
  const rules = values.rules ?? (demo ? demoRules : undefined)
  if (rules === undefined) throw new UsageError('serve needs --rules <folder>, or --demo')
  if (demo && values.store !== undefined) throw new UsageError('--demo keeps its data in memory; leave --store out')
  const allow = allowedAddresses(values['allow-network'])
  const port = portOf(values.port, process.env['PORT'])
  const issuer = `http://${reachableHost(host)}:${port}`
  const store = await openStore(values.store ?? 'memory:')
  const assertion = demo ? await seedDemo(store, issuer) : undefined
  const server = await createAuthServer({
    issuer,
    store,
    engine: { rules, network: { allow } },
    login: { overlay: { picture: 'user_metadata.picture || picture' } },
    onError: (error, requestId) => process.stderr.write(`request ${requestId} failed: ${String(error)}\n`),
  })
  const listener = await listen({ handler: server.handler, port, host }).catch(tellWhyNot)
  if (listener !== undefined) {
    process.stdout.write(`claimsmith ready on ${issuer}\n`)
    if (assertion !== undefined) process.stdout.write(demoCommands(issuer, assertion))
    await toldToStop()
    await listener.close()
  }
  await server.close()
  await store.close()
  return listener === undefined ? 1 : 0
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

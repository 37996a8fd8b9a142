import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { type Listener, listen } from '../http/listen.ts'
import { createAuthServer } from '../http/server.ts'
import { recordInto } from '../recording/record-into.ts'
import { openStore } from '../store/open.ts'
import { makeCertificate, trustCommands } from './certificate.ts'
import { demoCommands, seedDemo } from './demo.ts'
import { serveSettings } from './serve-settings.ts'

/** `claimsmith serve`: serves logins until it is told to stop; answers the exit code. */
export async function serve(args: string[]): Promise<number> {
  const settings = serveSettings(args, process.env)
  const { rules, modulesFolder, allow, hooks, host, port, reachable, record } = settings
  const issuer = `${settings.https ? 'https' : 'http'}://${reachable}:${port}`
  const store = await openStore(settings.store)
  const assertion = settings.demo ? await seedDemo(store, issuer) : undefined
  const server = await createAuthServer({
    issuer,
    store,
    engine: {
      rules,
      network: { allow },
      ...(modulesFolder !== undefined && { modulesFolder }),
      ...(record !== undefined && { record: recordInto(record, { failed: tellLost }) }),
    },
    login: { overlay: { picture: 'user_metadata.picture || picture' } },
    ...(hooks && { hooks }),
    onError: (error, requestId) => process.stderr.write(`request ${requestId} failed: ${String(error)}\n`),
    onRefusedRules: (error) => process.stderr.write(`the stored rules were not taken: ${String(error)}\n`),
  })
  const tls = settings.https ? await makeCertificate(reachable.replace(/^\[|\]$/g, '')) : undefined
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

function tellLost(error: unknown): void {
  process.stderr.write(`a login could not be recorded: ${error instanceof Error ? error.message : String(error)}\n`)
}

/** A port that is taken is nobody's wrong usage. */
function tellWhyNot(error: unknown): Listener | undefined {
  if (!(error instanceof ClaimsmithError)) throw error
  process.stderr.write(`claimsmith: ${error.message}\n`)
  return undefined
}

function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

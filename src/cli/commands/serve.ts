import { createAuthServer } from '../../http/server.ts'
import { createFinishedLogins } from '../../login/run/finished-logins.ts'
import { recordInto } from '../../recording/format/record-into.ts'
import { openStore } from '../../store/open.ts'
import { type Certificate, makeCertificate, trustCommands } from '../flags/certificate.ts'
import { demoCommands, seedDemo } from '../demo/demo.ts'
import { openPlayground } from '../serve/serve-playground.ts'
import { listenUntilStopped } from '../serve/listen-until-stopped.ts'
import { type ServeSettings, serveSettings } from '../flags/serve-settings.ts'

/** `claimsmith serve`: serves logins until it is told to stop; answers the exit code. */
export async function serve(args: string[]): Promise<number> {
  const settings = serveSettings(args, process.env)
  const { rules, modulesFolder, allow, hooks, host, port, reachable, record } = settings
  const issuer = `${settings.https ? 'https' : 'http'}://${reachable}:${port}`
  const store = await openStore(settings.store)
  const assertion = settings.demo ? await seedDemo(store, issuer) : undefined
  const finished = createFinishedLogins()
  const overlay = { picture: 'user_metadata.picture || picture' }
  const server = await createAuthServer({
    issuer,
    store,
    engine: {
      rules,
      network: { allow },
      ...(modulesFolder !== undefined && { modulesFolder }),
      ...(record !== undefined && { record: recordInto(record, { failed: tellLost }) }),
    },
    login: { overlay, finished },
    ...(hooks && { hooks }),
    onError: (error, requestId) => process.stderr.write(`request ${requestId} failed: ${String(error)}\n`),
    onRefusedRules: (error) => process.stderr.write(`the stored rules were not taken: ${String(error)}\n`),
  })
  const playground =
    settings.playground && openPlayground({ settings, server, store, finished, overlay, access: settings.playground })
  const { handler } = playground ?? server
  const tls = settings.https ? await makeCertificate(reachable.replace(/^\[|\]$/g, '')) : undefined
  const exitCode = await listenUntilStopped(
    { handler, port, host, ...(tls && { tls }) },
    () => process.stdout.write(greeting(settings, issuer, tls) + (assertion ? demoCommands(issuer, assertion) : '')),
    async () => await playground?.close(),
  )
  tls?.remove()
  await server.close()
  await store.close()
  return exitCode
}

function tellLost(error: unknown): void {
  process.stderr.write(`a login could not be recorded: ${error instanceof Error ? error.message : String(error)}\n`)
}

function greeting({ hooks = {}, playground }: ServeSettings, issuer: string, tls: Certificate | undefined): string {
  return [
    `claimsmith ready on ${issuer}\n`,
    ...(tls === undefined ? [] : [trustCommands(tls)]),
    ...Object.keys(hooks).map((vendor) => `${vendor}: ${issuer}/hooks/${vendor}\n`),
    ...(playground === undefined ? [] : [`playground: ${issuer}/playground\n`]),
  ].join('')
}

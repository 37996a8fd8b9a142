import { greet } from '../../http/greet.ts'
import { createAuthServer } from '../../http/server.ts'
import { createLoginEmitter } from '../../login/run/login-emitter.ts'
import { recordInto } from '../../recording/format/record-into.ts'
import { openStore } from '../../store/open.ts'
import { seedDemo } from '../demo/demo.ts'
import { formatDemoCommands } from '../demo/format-demo-commands.ts'
import { openPlayground } from '../serve/serve-playground.ts'
import { printError } from '../print/print-error.ts'
import { listenUntilStopped } from '../serve/listen-until-stopped.ts'
import { type ServeFlags, type ServeSettings, readServeSettings } from '../flags/serve-settings.ts'

/** `claimsmith serve`: serves logins until SIGINT or SIGTERM; resolves to the exit code. */
export async function runServeCommand(flags: ServeFlags): Promise<number> {
  const settings = readServeSettings(flags, process.env)
  const { rules, modulesFolder, allow, hooks, host, port, publicHost, record } = settings
  const issuer = `${settings.isHttps ? 'https' : 'http'}://${publicHost}:${port}`
  const store = await openStore(settings.store)
  const assertion = settings.isDemo ? await seedDemo(store, issuer) : undefined
  const loginEmitter = createLoginEmitter()
  const overlay = { picture: 'user_metadata.picture || picture' }
  const server = await createAuthServer({
    issuer,
    store,
    engine: {
      rules,
      network: { allow },
      ...(modulesFolder !== undefined && { modulesFolder }),
      ...(record !== undefined && {
        record: recordInto(record, {
          onWriteError: (error) => printError('a login could not be recorded', error),
        }),
      }),
    },
    login: { overlay, onLogin: loginEmitter.emit },
    ...(hooks && { hooks }),
    onInternalError: (error, id) =>
      printError(id === '' ? 'the imports of users failed' : `request ${id} failed`, error),
    onInvalidRules: (error) => printError('the stored rules were not loaded', error),
  })
  const playground =
    settings.playground &&
    openPlayground({ settings, server, store, loginEmitter, overlay, access: settings.playground })
  const { isDemo } = settings
  const handler = greet((playground ?? server).handler, { issuer, isDemo, hasPlayground: playground !== undefined })
  // Loaded on demand: making a certificate takes a library that nothing else needs.
  const { makeCertificate, formatTrustCommands } = settings.isHttps ? await import('../flags/certificate.ts') : {}
  const tls = await makeCertificate?.(publicHost.replace(/^\[|\]$/g, ''))
  const trustCommands = tls === undefined ? undefined : formatTrustCommands?.(tls)
  const exitCode = await listenUntilStopped(
    { handler, port, host, ...(tls && { tls }) },
    () =>
      process.stdout.write(
        formatGreeting(settings, issuer, trustCommands) +
          (assertion === undefined ? '' : formatDemoCommands({ issuer, assertion, rules: settings.rules.toString() })),
      ),
    async () => await playground?.close(),
  )
  tls?.remove()
  await server.close()
  await store.close()
  return exitCode
}

function formatGreeting({ hooks = {}, playground }: ServeSettings, issuer: string, trustCommands = ''): string {
  return [
    `claimsmith ready on ${issuer}\n`,
    trustCommands,
    ...Object.keys(hooks).map((vendor) => `${vendor}: ${issuer}/hooks/${vendor}\n`),
    ...(playground === undefined ? [] : [`playground: ${issuer}/playground\n`]),
  ].join('')
}

import { resolve as resolvePath } from 'node:path'
import { styleText } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createAuthServer } from '../../http/server.ts'
import { createLoginEmitter } from '../../login/run/login-emitter.ts'
import { createFolderRuleRepository } from '../../playground/rules/folder-rule-repository.ts'
import { createPlayground } from '../../playground/playground.ts'
import { resolveFolder } from '../../rules/folder/read-folder.ts'
import { openStore } from '../../store/open.ts'
import { seedDemo } from '../demo/demo.ts'
import { type DevFlags, readDevSettings } from '../flags/dev-settings.ts'
import { dryUsers } from '../flags/dry-users.ts'
import { listenUntilStopped } from '../serve/listen-until-stopped.ts'
import { printError } from '../print/print-error.ts'
import { describeIdleRules } from '../print/describe-idle-rules.ts'
import { describeReruns } from '../print/print-reruns.ts'
import { createRerunner } from '../serve/create-rerunner.ts'
import { UsageError } from '../usage-error.ts'
import { watchFiles } from '../serve/watch-files.ts'

/** `claimsmith dev`: runs rules again whenever they are saved, and serves the playground; resolves to the exit code. */
export async function runDevCommand(rules: string, flags: DevFlags): Promise<number> {
  const settings = readDevSettings(rules, flags)
  const { port, configuration, secrets, allow, modulesFolder } = settings
  const issuer = `http://127.0.0.1:${port}`
  const store = await openStore('memory:')
  await seedDemo(store, issuer)
  const loginEmitter = createLoginEmitter()
  const overlay = { picture: 'user_metadata.picture || picture' }
  const commonOptions = {
    network: { allow },
    ...(secrets && { secrets }),
    ...(modulesFolder !== undefined && { modulesFolder }),
  }
  // Without rules at first: `runAndReport` loads them, so that a mistake in one is reported and does not end the command.
  const server = await createAuthServer({
    issuer,
    store,
    engine: { ...commonOptions, rules: [], snapshots: false },
    login: { overlay, onLogin: loginEmitter.emit },
  })
  const engine = createEngine({
    ...commonOptions,
    rules: [],
    snapshots: false,
    users: dryUsers,
    limits: { workers: 1 },
  })
  const repository = createFolderRuleRepository(rules, configuration)
  const playground = createPlayground({
    ...commonOptions,
    server,
    store,
    repository,
    access: 'open',
    loginEmitter,
    overlay,
    modulesFolder: modulesFolder ?? resolveFolder(rules),
    onInternalError: (error) => printError('the playground failed', error),
  })
  const rerun = createRerunner(engine)

  async function runAndReport(label: string): Promise<void> {
    const startedAtMs = performance.now()
    try {
      await engine.replace(rules, configuration)
      await server.engine.replace(rules, configuration)
      const reruns = await rerun(settings.readLogins())
      process.stdout.write(`${describeReruns(label, reruns, performance.now() - startedAtMs)}\n`)
      const hasIdleRules = reruns.every(({ outcome }) => outcome.rules.length === 0)
      if (hasIdleRules) process.stdout.write([...describeIdleRules(rules), '', ''].join('\n'))
    } catch (error) {
      process.stdout.write(`${styleText('bold', label)}  ${styleText('red', toErrorMessage(error))}\n\n`)
    }
  }

  await runAndReport(rules)
  const stop = await watchFiles([resolvePath(rules), ...settings.loginFiles], (names) => runAndReport(names.join(', ')))
  const exitCode = await listenUntilStopped(
    { handler: playground.handler, port },
    () =>
      process.stdout.write(`claimsmith ready on ${issuer}\nwatching ${rules}\nplayground: ${issuer}/playground\n\n`),
    () => playground.close(),
  )
  await stop()
  await Promise.all([engine.close(), server.close()])
  await store.close()
  return exitCode
}

/** Returns the message of an error in a rule or a file, and throws every other error. */
function toErrorMessage(error: unknown): string {
  if (error instanceof ClaimsmithError || error instanceof UsageError) return error.message
  throw error
}

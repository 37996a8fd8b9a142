import { resolve as absolute } from 'node:path'
import { styleText } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createAuthServer } from '../../http/server.ts'
import { createFinishedLogins } from '../../login/run/finished-logins.ts'
import { createFolderHome } from '../../playground/rules/folder-home.ts'
import { createPlayground } from '../../playground/playground.ts'
import { folderOf } from '../../rules/folder/folder.ts'
import { openStore } from '../../store/open.ts'
import { seedDemo } from '../demo/demo.ts'
import { devSettings } from '../flags/dev-settings.ts'
import { dryUsers } from '../flags/dry-users.ts'
import { listenUntilStopped } from '../serve/listen-until-stopped.ts'
import { describeReruns } from '../print/print-reruns.ts'
import { createReruns } from '../serve/rerun.ts'
import { UsageError } from '../print/usage.ts'
import { watchFiles } from '../serve/watch.ts'

/** `claimsmith dev`: runs rules again whenever they are saved, and serves the playground; answers the exit code. */
export async function dev(args: string[]): Promise<number> {
  const settings = devSettings(args, process.env)
  const { rules, port, configuration, secrets, allow, modulesFolder } = settings
  const issuer = `http://127.0.0.1:${port}`
  const store = await openStore('memory:')
  await seedDemo(store, issuer)
  const finished = createFinishedLogins()
  const overlay = { picture: 'user_metadata.picture || picture' }
  const common = {
    network: { allow },
    ...(secrets && { secrets }),
    ...(modulesFolder !== undefined && { modulesFolder }),
  }
  // The rules come with the first look at the folder, so that a mistake in one can be mended while this runs.
  const server = await createAuthServer({
    issuer,
    store,
    engine: { ...common, rules: [] },
    login: { overlay, finished },
  })
  const engine = createEngine({ ...common, rules: [], users: dryUsers, limits: { workers: 1 } })
  const home = createFolderHome(rules, configuration)
  const playground = createPlayground({
    ...common,
    server,
    store,
    home,
    access: 'open',
    finished,
    overlay,
    modulesFolder: modulesFolder ?? folderOf(rules),
    onError: (error) => process.stderr.write(`the playground failed: ${String(error)}\n`),
  })
  const rerun = createReruns(engine)

  async function take(what: string): Promise<void> {
    const beganMs = performance.now()
    try {
      await engine.replace(rules, configuration)
      await server.engine.replace(rules, configuration)
      const reruns = await rerun(settings.logins())
      process.stdout.write(`${describeReruns(what, reruns, performance.now() - beganMs)}\n`)
    } catch (error) {
      process.stdout.write(`${styleText('bold', what)}  ${styleText('red', mistakeOf(error))}\n\n`)
    }
  }

  await take(rules)
  const stop = await watchFiles([absolute(rules), ...settings.loginFiles], (names) => take(names.join(', ')))
  const exitCode = await listenUntilStopped(
    { handler: playground.handler, port },
    () => process.stdout.write(`watching ${rules}\nplayground: ${issuer}/playground\n\n`),
    () => playground.close(),
  )
  await stop()
  await Promise.all([engine.close(), server.close()])
  await store.close()
  return exitCode
}

/** What somebody wrote wrongly, with its place; the rules stay what they were. */
function mistakeOf(error: unknown): string {
  if (error instanceof ClaimsmithError || error instanceof UsageError) return error.message
  throw error
}

import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import { parseAllowedAddresses } from '../flags/parse-allowed-addresses.ts'
import { dryUsers } from '../flags/dry-users.ts'
import { describeOutcome } from '../print/print-outcome.ts'
import { type InspectServer, startInspectServer } from '../serve/inspect-server.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { readJsonObject, readTexts } from '../flags/read-json.ts'
import { createSampleContext, createSampleUser } from '../flags/sample-login.ts'
import { UsageError } from '../print/usage.ts'

/** The port of Node's own inspector, where debuggers look. */
const defaultPort = 9229

/** `claimsmith run`: runs rules over one login; resolves to the exit code. */
export async function runRunCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: args.map((arg) => (arg === '--inspect' ? `--inspect=${defaultPort}` : arg)),
    allowPositionals: true,
    options: {
      user: { type: 'string' },
      context: { type: 'string' },
      configuration: { type: 'string' },
      secrets: { type: 'string' },
      modules: { type: 'string' },
      'allow-network': { type: 'string', multiple: true },
      inspect: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [rules, ...more] = positionals
  if (rules === undefined || more.length > 0) throw new UsageError('run takes one file or folder of rules')
  const login = {
    user: values.user === undefined ? createSampleUser() : readJsonObject(values.user, '--user'),
    context: {
      ...createSampleContext(),
      ...(values.context === undefined ? {} : readJsonObject(values.context, '--context')),
    },
  }
  const configuration =
    values.configuration === undefined ? undefined : readJsonObject(values.configuration, '--configuration')
  const modules = resolveModulesFolder(values.modules)
  const inspector = values.inspect === undefined ? undefined : await startInspector(values.inspect, rules)
  const engine = createEngine({
    rules,
    ...(inspector === undefined ? {} : { inspector }),
    network: { allow: parseAllowedAddresses(values['allow-network']) },
    limits: { workers: 1 },
    users: dryUsers,
    ...modules,
    ...(values.secrets === undefined ? {} : { secrets: readTexts(values.secrets, '--secrets') }),
    ...(configuration === undefined ? {} : { configuration: configuration as Record<string, string> }),
  })
  try {
    const outcome = await engine.run(login)
    process.stdout.write(
      values.json === true ? `${JSON.stringify(outcome, undefined, 2)}\n` : describeOutcome(outcome, login),
    )
    return outcome.outcome === 'error' ? 1 : 0
  } finally {
    await engine.close()
    inspector?.close()
  }
}

/** Does not wait for a debugger: the engine does. */
async function startInspector(text: string, rules: string): Promise<InspectServer> {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--inspect=${text}: give a port, or 0 for any free one`)
  }
  const server = await startInspectServer(port, { title: `claimsmith run ${rules}`, url: pathToFileURL(rules).href })
  process.stderr.write(
    `Debugger listening on ${server.webSocketUrl}\nThe rules wait for it: open chrome://inspect, or attach VS Code to the port.\n`,
  )
  return server
}

import { parseArgs } from 'node:util'
import { createEngine } from '../engine/engine.ts'
import { allowedAddresses } from './allow-network.ts'
import { dryUsers } from './dry-users.ts'
import { describeOutcome } from './print-outcome.ts'
import { readJsonObject, readTexts } from './read-json.ts'
import { sampleContext, sampleUser } from './sample-login.ts'
import { UsageError } from './usage.ts'

/** `claimsmith run`: runs rules over one login; answers the exit code. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      user: { type: 'string' },
      context: { type: 'string' },
      configuration: { type: 'string' },
      secrets: { type: 'string' },
      'allow-network': { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  })
  const [rules, ...more] = positionals
  if (rules === undefined || more.length > 0) throw new UsageError('run takes one file or folder of rules')
  const login = {
    user: values.user === undefined ? sampleUser() : readJsonObject(values.user, '--user'),
    context: {
      ...sampleContext(),
      ...(values.context === undefined ? {} : readJsonObject(values.context, '--context')),
    },
  }
  const configuration =
    values.configuration === undefined ? undefined : readJsonObject(values.configuration, '--configuration')
  const engine = createEngine({
    rules,
    network: { allow: allowedAddresses(values['allow-network']) },
    limits: { workers: 1 },
    users: dryUsers,
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
  }
}

import { readFileSync } from 'node:fs'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { check } from './commands/check.ts'
import { convert } from './commands/convert.ts'
import { dev } from './commands/dev.ts'
import { explain as explainLogin } from './commands/explain.ts'
import { importRules } from './commands/import.ts'
import { replay } from './commands/replay.ts'
import { run } from './commands/run.ts'
import { serve } from './commands/serve.ts'
import { UsageError, usage, usageOf } from './print/usage.ts'
import { users } from './commands/users.ts'

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  run,
  check,
  import: importRules,
  convert,
  // Reports take a while to load, which no other command is to wait for.
  coverage: async (args) => (await import('./commands/coverage.ts')).coverage(args),
  dev,
  explain: explainLogin,
  replay,
  serve,
  users,
}

/** Codes that say that what was given to us is wrong, not that something broke. */
const givenWrongly = new Set([
  'RULE_SYNTAX',
  'INVALID_RULESET',
  'INVALID_ARGUMENT',
  'INVALID_LOGIN',
  'INVALID_OVERLAY',
  'INVALID_RECORDING',
])

/** Runs one command, as a person types it after `claimsmith`; prints what it has to say, and answers the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    return await runCommand(args)
  } catch (error) {
    return explain(error, args[0])
  }
}

async function runCommand([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    process.stdout.write(`${version}\n`)
    return 0
  }
  if (name === '--help' || name === '-h' || isAskedForHelp(args)) {
    process.stdout.write(usage)
    return 0
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    throw new UsageError(name === undefined ? 'a command is needed' : `there is no command ${name}`)
  }
  return command(args)
}

/** What stands behind `--` is for a command of somebody else's. */
function isAskedForHelp(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return own.includes('--help') || own.includes('-h')
}

/** The exit code of a failure, once it has been told. */
function explain(error: unknown, command: string | undefined): number {
  const wrongFlag =
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || wrongFlag) {
    // What parseArgs says after the first sentence is about arguments that nobody meant.
    const [message] = wrongFlag ? error.message.split('. To specify a positional') : [error.message]
    process.stderr.write(`claimsmith: ${message}\n\n${usageOf(command)}`)
    return 2
  }
  if (error instanceof ClaimsmithError) {
    process.stderr.write(`claimsmith: ${error.message}\n`)
    return givenWrongly.has(error.code) ? 2 : 1
  }
  process.stderr.write(`claimsmith broke: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

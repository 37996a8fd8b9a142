import { readFileSync } from 'node:fs'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { runCheckCommand } from './commands/check-command.ts'
import { runConvertCommand } from './commands/convert-command.ts'
import { runDevCommand } from './commands/dev-command.ts'
import { runExplainCommand } from './commands/explain-command.ts'
import { runImportCommand } from './commands/import-command.ts'
import { runReplayCommand } from './commands/replay-command.ts'
import { runRunCommand } from './commands/run-command.ts'
import { runServeCommand } from './commands/serve-command.ts'
import { UsageError, usage, formatUsage } from './print/usage.ts'
import { runUsersCommand } from './commands/users-command.ts'

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  run: runRunCommand,
  check: runCheckCommand,
  import: runImportCommand,
  convert: runConvertCommand,
  // Reports take a while to load, which no other command is to wait for.
  coverage: async (args) => (await import('./commands/coverage-command.ts')).runCoverageCommand(args),
  dev: runDevCommand,
  explain: runExplainCommand,
  replay: runReplayCommand,
  serve: runServeCommand,
  users: runUsersCommand,
}

/** Codes that say that what was given to us is wrong, not that something broke. */
const usageErrorCodes = new Set([
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
    return printError(error, args[0])
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
  if (name === '--help' || name === '-h' || hasHelpFlag(args)) {
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
function hasHelpFlag(args: readonly string[]): boolean {
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return ownArgs.includes('--help') || ownArgs.includes('-h')
}

/** The exit code of a failure, once it has been told. */
function printError(error: unknown, command: string | undefined): number {
  const isWrongFlag =
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || isWrongFlag) {
    // What parseArgs says after the first sentence is about arguments that nobody meant.
    const [message] = isWrongFlag ? error.message.split('. To specify a positional') : [error.message]
    process.stderr.write(`claimsmith: ${message}\n\n${formatUsage(command)}`)
    return 2
  }
  if (error instanceof ClaimsmithError) {
    process.stderr.write(`claimsmith: ${error.message}\n`)
    return usageErrorCodes.has(error.code) ? 2 : 1
  }
  process.stderr.write(`claimsmith broke: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

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
  // Loaded on demand: the reports are slow to load, and no other command needs them.
  coverage: async (args) => (await import('./commands/coverage-command.ts')).runCoverageCommand(args),
  dev: runDevCommand,
  explain: runExplainCommand,
  replay: runReplayCommand,
  serve: runServeCommand,
  users: runUsersCommand,
}

/** Codes of wrong input. All others are failures. */
const usageErrorCodes = new Set([
  'RULE_SYNTAX',
  'INVALID_RULESET',
  'INVALID_ARGUMENT',
  'INVALID_LOGIN',
  'INVALID_OVERLAY',
  'INVALID_RECORDING',
])

/** Runs one command: `args` is what follows `claimsmith`. Prints output and errors, and resolves to the exit code. */
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

/** Arguments after `--` belong to the command that `coverage` runs. */
function hasHelpFlag(args: readonly string[]): boolean {
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args
  return ownArgs.includes('--help') || ownArgs.includes('-h')
}

/** Prints an error, and returns the exit code for it. */
function printError(error: unknown, command: string | undefined): number {
  const isWrongFlag =
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof UsageError || isWrongFlag) {
    // parseArgs adds advice about positional arguments that start with a dash, which does not apply here.
    const [message] = isWrongFlag ? error.message.split('. To specify a positional') : [error.message]
    process.stderr.write(`claimsmith: ${message}\n\n${formatUsage(command)}`)
    return 2
  }
  if (error instanceof ClaimsmithError) {
    process.stderr.write(`claimsmith: ${error.message}\n`)
    return usageErrorCodes.has(error.code) ? 2 : 1
  }
  process.stderr.write(`claimsmith: unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

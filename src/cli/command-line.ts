import { type Command, CommanderError } from 'commander'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { describeErrorChain } from '../errors/describe-error-chain.ts'
import { describeMistake } from './print/describe-mistake.ts'
import { createProgram } from './program.ts'
import { completeArguments } from './program/complete-arguments.ts'
import { getCommandPath } from './program/add-command.ts'
import { UsageError } from './usage-error.ts'

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
  let exitCode = 0
  const program = createProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(completeArguments(args), { from: 'user' })
    return exitCode
  } catch (error) {
    return reportError(error, findCommand(program, args))
  }
}

/** Finds the command that the arguments begin with. `help` before it does not count. */
function findCommand(command: Command, [name, ...args]: readonly string[]): Command {
  if (command.parent === null && name === 'help') return findCommand(command, args)
  const next = command.commands.find((one) => one.name() === name)
  return next === undefined ? command : findCommand(next, args)
}

/** Prints an error, and returns the exit code for it. */
function reportError(error: unknown, command: Command): number {
  if (error instanceof CommanderError) {
    // Help and version are printed already, and so is the help that stands in for a missing command.
    if (error.code === 'commander.help' || error.exitCode === 0) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`claimsmith: ${describeMistake(error, command)}\n${formatHint(command)}\n`)
    return 2
  }
  if (error instanceof UsageError) {
    process.stderr.write(`claimsmith: ${error.message}${describeSource(error.message, command)}\n`)
    return 2
  }
  if (error instanceof ClaimsmithError) {
    // The cause says why a store failed, such as that the file is no database.
    process.stderr.write(`claimsmith: ${error.code === 'STORE_FAILED' ? describeErrorChain(error) : error.message}\n`)
    return usageErrorCodes.has(error.code) ? 2 : 1
  }
  if (isSystemError(error)) {
    process.stderr.write(`claimsmith: ${error.message}\n`)
    return 1
  }
  process.stderr.write(`claimsmith: unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

/** Whether the system refused something, such as to write a file. The message says what, and the stack would not help. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

function formatHint(command: Command): string {
  if (command.parent === null) return 'claimsmith --help shows all commands'
  const shown = command.commands.length > 0 ? 'commands' : 'flags'
  return `claimsmith ${getCommandPath(command)} --help shows its ${shown}`
}

/** Names the configuration file if the flag or the argument at the beginning of a message comes from there. */
function describeSource(message: string, command: Command): string {
  const [name] = /^--[\w-]+/.exec(message) ?? []
  const flag = command.options.find((option) => option.long === name)
  const argument = command.registeredArguments.find((one) =>
    message.startsWith(`${command.getOptionValue(one.name())}: `),
  )
  const [label, key] = flag === undefined ? [argument?.name(), argument?.name()] : [flag.long, flag.attributeName()]
  if (key === undefined || key === 'config') return ''
  if (command.getOptionValueSource(key) !== 'config') return ''
  return ` (${label} comes from ${command.getOptionValue('config') as string})`
}

import { Command } from 'commander'
import { readManifest } from './program/read-manifest.ts'
import { addHelpCommand } from './program/add-help-command.ts'
import { addMigrationCommands } from './program/add-migration-commands.ts'
import { addRecordingCommands } from './program/add-recording-commands.ts'
import { addRuleCommands } from './program/add-rule-commands.ts'
import { addServerCommands } from './program/add-server-commands.ts'

/**
 * Creates the command line: every command with its argument, its flags, their descriptions and defaults.
 *
 * It loads no command: each one imports its module when it runs. Calls `onExit` with the exit code of the command that has
 * run. A mistake on the command line is thrown as a `CommanderError`, and nothing is printed for it.
 */
export function createProgram(onExit: (exitCode: number) => void = setExitCode): Command {
  const program = new Command('claimsmith')
    .description('Login rules, sandboxed.')
    .version(readManifest().version, '-v, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ subcommandTerm: formatCommand, styleTitle: (title) => title.replace('Options:', 'Flags:') })
    .usage('<command> [flags]')
    .addHelpText('after', '\nclaimsmith help <command> shows the flags of a command, with examples.')
  addRuleCommands(program.commandsGroup('Write and test rules:'), onExit)
  addRecordingCommands(program.commandsGroup('Debug logins:'), onExit)
  addServerCommands(program.commandsGroup('Serve logins:'), onExit)
  addMigrationCommands(program.commandsGroup('Leave Auth0:'), onExit)
  addHelpCommand(program.commandsGroup('Help:'))
  return program
}

/** Formats a command for the list of commands: its name and its argument. */
function formatCommand(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name()
    return argument.required ? `<${name}>` : `[${name}]`
  })
  return [command.name(), ...names].join(' ')
}

function setExitCode(exitCode: number): void {
  process.exitCode = exitCode
}

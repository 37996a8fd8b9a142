import type { Command, Option } from 'commander'
import { getCommandPath } from '../../src/cli/program/add-command.ts'
import { createProgram } from '../../src/cli/program.ts'
import { escapeAngleBrackets } from './escape-angle-brackets.ts'
import { renderMarkdownTable } from './render-markdown-table.ts'

/** A function for each command that renders it, by names such as `cli-users-import`. */
export function listCommandTables(): readonly (readonly [name: string, render: () => string])[] {
  return listCommands(createProgram()).map((command) => [
    `cli-${getCommandPath(command).replaceAll(' ', '-')}`,
    () => renderCommand(command),
  ])
}

/** Lists the commands that do something: a group such as `users` does not, and `help` shows what is here. */
function listCommands(command: Command): readonly Command[] {
  const commands = command.commands.filter((one) => one.name() !== 'help')
  return commands.flatMap((one) => (one.commands.length > 0 ? listCommands(one) : [one]))
}

/** Renders a command: what it does, its flags, its usage, and the examples and exit codes that its help ends with. */
function renderCommand(command: Command): string {
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description, '']),
    ...command.options.filter((option) => isShown(option)).map(renderFlag),
  ]
  const { examples, exitCodes } = readHelpEnd(command)
  return [
    `${escapeAngleBrackets(command.description())} \`claimsmith ${getCommandPath(command)} ${command.usage()}\``,
    renderMarkdownTable(['argument or flag', 'what it is', 'default'], rows),
    `\`\`\`text\n${examples.join('\n')}\n\`\`\``,
    escapeAngleBrackets(exitCodes.join(' ')),
  ].join('\n\n')
}

/** `--config` is the same for all commands. */
function isShown({ hidden, long }: Option): boolean {
  return !hidden && long !== '--config'
}

function renderFlag(option: Option): readonly string[] {
  const { flags, description, envVar, defaultValueDescription } = option
  const { defaultValue } = option as { readonly defaultValue?: string | number | readonly string[] }
  const value = defaultValueDescription ?? (typeof defaultValue === 'object' ? '' : defaultValue)
  const defaults = [
    ...(value === undefined || value === '' ? [] : [`\`${value}\``]),
    ...(envVar === undefined ? [] : [`the variable \`${envVar}\``]),
  ]
  return [`\`${flags}\``, description, defaults.toReversed().join(', or ')]
}

interface HelpEnd {
  readonly examples: readonly string[]
  /** Such as `Exit code 0: The rules ran.`; 2 is the same for all commands. */
  readonly exitCodes: readonly string[]
}

/** Reads the part of the help that begins with its examples. */
function readHelpEnd(command: Command): HelpEnd {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
  })
  command.outputHelp()
  const [, end = ''] = help.split('\nExamples:\n')
  const [examples = '', codes = ''] = end.split('\nExit codes:\n')
  return {
    examples: listLines(examples),
    exitCodes: listLines(codes)
      .filter((line) => !line.startsWith('2'))
      .map((line) => `Exit code ${line.replace(/ +/, ': ')}`),
  }
}

function listLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

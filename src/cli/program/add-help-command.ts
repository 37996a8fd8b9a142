import type { Command } from 'commander'
import { getCommandPath } from './add-command.ts'

/** Adds `help [command...]`. The help command of commander shows the list of commands for an unknown one. */
export function addHelpCommand(program: Command): void {
  program
    .command('help')
    .argument('[command...]', 'The command, such as run or users import.')
    .summary('show the help of a command')
    .description('Show the help of a command.')
    .action((names: readonly string[]) => {
      let command = program
      for (const name of names) {
        const next = command.commands.find((one) => one.name() === name)
        if (next === undefined) return refuseName(command, name)
        command = next
      }
      command.help()
    })
}

/** Ends with the parser's message for an unknown command: the parser knows which command a misspelt one was meant for. */
function refuseName(command: Command, name: string): void {
  if (command.commands.length === 0) command.error(`${getCommandPath(command)} has no command ${name}`)
  command.parse([name], { from: 'user' })
}

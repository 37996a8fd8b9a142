import type { Command } from 'commander'

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
        // The parser knows which command a misspelt one was meant for.
        if (next === undefined) {
          command.parse([name], { from: 'user' })
          return
        }
        command = next
      }
      command.help()
    })
}

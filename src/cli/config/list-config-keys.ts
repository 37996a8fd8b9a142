import type { Command } from 'commander'
import type { Flag } from '../program/flag.ts'

/** A flag that the configuration file may have, and the command that it belongs to. */
export interface ConfigurableFlag {
  readonly command: Command
  readonly flag: Flag
}

/** Lists the keys of the configuration file, each with the flags of this name of all commands. */
export function listConfigKeys(program: Command): ReadonlyMap<string, readonly ConfigurableFlag[]> {
  return Map.groupBy(listConfigurableFlags(program), ({ flag }) => flag.attributeName())
}

function listConfigurableFlags(command: Command): ConfigurableFlag[] {
  const flags = command.options.filter((option): option is Flag => (option as Partial<Flag>).isConfigurable === true)
  return [...flags.map((flag) => ({ command, flag })), ...command.commands.flatMap(listConfigurableFlags)]
}

import type { Command } from 'commander'
import type { Flag } from '../program/flag.ts'

/** Lists the keys of the configuration file, with the flags of this name of all commands. */
export function listConfigKeys(program: Command): ReadonlyMap<string, readonly Flag[]> {
  return Map.groupBy(listConfigurableFlags(program), (flag) => flag.attributeName())
}

function listConfigurableFlags(command: Command): Flag[] {
  const flags = command.options.filter((option): option is Flag => (option as Partial<Flag>).isConfigurable === true)
  return [...flags, ...command.commands.flatMap(listConfigurableFlags)]
}

import type { Command } from 'commander'
import { ConfigurableArgument } from '../program/configurable-argument.ts'
import { Flag } from '../program/flag.ts'
import type { ValueKind } from '../program/value-kind.ts'

/** What the configuration file may have for a command: the value of a flag, or of its argument. */
export interface ConfigurableValue {
  readonly command: Command
  /** Its name in the file, in camel case. */
  readonly key: string
  readonly description: string
  readonly kind: ValueKind
  readonly isRepeatable: boolean
  /** Undefined for an argument. */
  readonly flag: Flag | undefined
}

/** Lists the keys of the configuration file, each with the flags and arguments of this name of all commands. */
export function listConfigKeys(program: Command): ReadonlyMap<string, readonly ConfigurableValue[]> {
  return Map.groupBy(listConfigurableValues(program), ({ key }) => key)
}

function listConfigurableValues(command: Command): ConfigurableValue[] {
  const flags = command.options.filter((option): option is Flag => option instanceof Flag && option.isConfigurable)
  return [
    ...command.registeredArguments.filter((argument) => argument instanceof ConfigurableArgument).map(toArgumentValue),
    ...flags.map((flag) => {
      const { description, kind, isRepeatable } = flag
      return { command, key: flag.attributeName(), description, kind, isRepeatable, flag }
    }),
    ...command.commands.flatMap(listConfigurableValues),
  ]

  function toArgumentValue(argument: ConfigurableArgument): ConfigurableValue {
    const { description, kind } = argument
    return { command, key: argument.name(), description, kind, isRepeatable: false, flag: undefined }
  }
}

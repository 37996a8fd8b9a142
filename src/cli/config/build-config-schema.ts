import type { Command } from 'commander'
import { getCommandPath } from '../program/add-command.ts'
import { type ConfigurableFlag, listConfigKeys } from './list-config-keys.ts'

/** Builds the JSON schema of `claimsmith.config.json` from the flags of the commands. */
export function buildConfigSchema(program: Command): object {
  const properties = [...listConfigKeys(program)].map(([key, flags]) => [key, buildProperty(flags)] as const)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Flags of claimsmith that repeat',
    description:
      'Each key is a flag in camel case. It applies to every command that has the flag; the command line wins. Paths are relative to this file.',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  }
}

/** A value is right if one of the commands takes it. An array is right if one of them repeats the flag. */
function buildProperty(flags: readonly ConfigurableFlag[]): object {
  const schema = flags[0]?.flag.kind.schema
  const isRepeatable = flags.some(({ flag }) => flag.isRepeatable)
  return {
    description: describeFlags(flags),
    ...(isRepeatable ? { anyOf: [schema, { type: 'array', items: schema }] } : schema),
  }
}

/** Describes a flag once for all commands that say the same of it. */
function describeFlags(flags: readonly ConfigurableFlag[]): string {
  const groups = Map.groupBy(flags, ({ flag }) => flag.description.replace(/ (May be repeated|Required)\b.*$/, ''))
  return [...groups]
    .map(([description, group]) => `${group.map(({ command }) => getCommandPath(command)).join(', ')}: ${description}`)
    .join('\n')
}

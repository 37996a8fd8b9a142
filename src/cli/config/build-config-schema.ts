import type { Command } from 'commander'
import { getCommandPath } from '../program/add-command.ts'
import { type ConfigurableValue, listConfigKeys } from './list-config-keys.ts'

/** Builds the JSON schema of `claimsmith.config.json` from the flags and arguments of the commands. */
export function buildConfigSchema(program: Command): object {
  const properties = [...listConfigKeys(program)].map(([key, values]) => [key, buildProperty(values)] as const)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Flags of claimsmith that repeat',
    description:
      'Each key is a flag in camel case; `rules` also stands for the argument. It applies to every command that has the flag or the argument; the command line wins. Paths are relative to this file.',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  }
}

/** A value is right if one of the commands takes it. An array is right if one of them repeats the flag. */
function buildProperty(values: readonly ConfigurableValue[]): object {
  const schema = values[0]?.kind.schema
  const isRepeatable = values.some((value) => value.isRepeatable)
  return {
    description: describeValues(values),
    ...(isRepeatable ? { anyOf: [schema, { type: 'array', items: schema }] } : schema),
  }
}

/** Describes a value once for all commands that say the same of it. */
function describeValues(values: readonly ConfigurableValue[]): string {
  const groups = Map.groupBy(values, ({ description }) =>
    description.replace(/ (?:May be repeated\b|Required\b|Default:).*$/, ''),
  )
  return [...groups]
    .map(([description, group]) => `${group.map(({ command }) => getCommandPath(command)).join(', ')}: ${description}`)
    .join('\n')
}

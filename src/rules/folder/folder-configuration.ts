import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { FromSchema } from 'json-schema-to-ts'
import { type ConfiguredValue, configuredValueSchema } from '../../profile/rule/configured-value.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { listFiles } from './folder-files.ts'
import { createJsonFileReader } from './create-json-file-reader.ts'

export type Configuration = Readonly<Record<string, ConfiguredValue>>

const mapSchema = { type: 'object', additionalProperties: configuredValueSchema } as const
const entrySchema = {
  type: 'object',
  properties: { key: { type: 'string', minLength: 1 }, value: configuredValueSchema },
  required: ['value'],
} as const

const readMap = createJsonFileReader(createValidator<Configuration>(mapSchema, 'The file', 'INVALID_RULESET'))
const readEntry = createJsonFileReader(
  createValidator<FromSchema<typeof entrySchema>>(entrySchema, 'The file', 'INVALID_RULESET'),
)

/** Reads `configuration.json`, a map of strings, from a folder that may have one. */
export function readConfigurationFile(folder: string): Configuration {
  const file = join(folder, 'configuration.json')
  return existsSync(file) ? readMap(file) : {}
}

/** Reads auth0-deploy-cli's `rules-configs`: one JSON file per value. The key is a member of it, or the file's name. */
export function readRulesConfigs(folder: string): Configuration {
  const entries = listFiles(folder)
    .filter((file) => extname(file) === '.json')
    .map((file) => {
      const { key, value } = readEntry(join(folder, file))
      return [key ?? basename(file, '.json'), value] as const
    })
  return Object.fromEntries(entries)
}

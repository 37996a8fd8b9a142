import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FromSchema } from 'json-schema-to-ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { handlers } from '../source/dialect.ts'
import { listFiles } from './folder-files.ts'
import { getBaseName, resolveScript, readScript } from './read-rules.ts'
import { createJsonFileReader } from './create-json-file-reader.ts'
import type { RuleFile } from './rule-file.ts'
import { toSecretMap, secretsSchema } from './rule-metadata.ts'

const text = { type: 'string', minLength: 1 } as const
const idList = {
  type: 'array',
  items: { type: 'object', properties: { id: text }, required: ['id'] },
} as const
const actionSchema = {
  type: 'object',
  properties: { name: text, code: text, secrets: secretsSchema, supported_triggers: idList },
} as const
const bindingsSchema = {
  type: 'object',
  additionalProperties: {
    type: 'array',
    items: { type: 'object', properties: { action_name: text }, required: ['action_name'] },
  },
} as const

/** An action as auth0-deploy-cli writes it, with further members. `code` is its file, relative to the root. */
type ActionMetadata = FromSchema<typeof actionSchema>

/** From a trigger to the actions that it calls, in order. */
type Bindings = FromSchema<typeof bindingsSchema>

const readAction = createJsonFileReader(createValidator<ActionMetadata>(actionSchema, 'The file', 'INVALID_RULESET'))
const readBindings = createJsonFileReader(createValidator<Bindings>(bindingsSchema, 'The file', 'INVALID_RULESET'))
const knownTriggers: ReadonlySet<string> = new Set(Object.values(handlers))

/**
 * Reads the actions of an auth0-deploy-cli folder.
 *
 * `actions/NAME.json` names the code. `triggers/triggers.json` says which actions run, and in which order; without it all
 * run, ordered by file name. Actions of unsupported triggers are omitted.
 */
export function readActions(root: string, maxSourceBytes: number): readonly RuleFile[] {
  const folder = join(root, 'actions')
  const actions = listFiles(folder)
    .filter((file) => extname(file) === '.json')
    .map((file) => ({ base: getBaseName(file), ...readAction(join(folder, file)) }))
    .filter(
      ({ supported_triggers: triggers }) => triggers === undefined || triggers.some(({ id }) => knownTriggers.has(id)),
    )
  const boundNames = readBoundNames(join(root, 'triggers', 'triggers.json'))
  return actions.flatMap(({ base, name = base, code, secrets }) => {
    if (code === undefined) return []
    const order = boundNames?.indexOf(name)
    return {
      ...readScript(name, resolveScript({ root, folder }, base, code, 'code'), maxSourceBytes),
      enabled: order !== -1,
      secrets: toSecretMap(secrets),
      ...(order === undefined || order === -1 ? {} : { order }),
    }
  })
}

function readBoundNames(file: string): readonly string[] | undefined {
  if (!existsSync(file)) return undefined
  const bindings = Object.entries(readBindings(file)).filter(([trigger]) => knownTriggers.has(trigger))
  return bindings.flatMap(([, actions]) => actions.map((action) => action.action_name))
}

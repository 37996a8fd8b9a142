import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { handlers } from '../source/dialect.ts'
import { listFiles } from './folder-files.ts'
import { getBaseName, resolveScript, readScript } from './read-rules.ts'
import { createJsonFileReader } from './create-json-file-reader.ts'
import type { RuleFile } from './rule-file.ts'
import { type NamedSecret, toSecretMap, secretsSchema } from './rule-metadata.ts'

/** What auth0-deploy-cli writes of an action; it may hold more than we know. */
interface ActionMetadata {
  readonly name?: string
  /** The action's file, relative to the root. */
  readonly code?: string
  readonly secrets?: readonly NamedSecret[]
  readonly supported_triggers?: readonly { readonly id: string }[]
}

/** Which actions each trigger calls, in this order. */
type Bindings = Readonly<Record<string, readonly { readonly action_name: string }[]>>

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

const readAction = createJsonFileReader(createValidator<ActionMetadata>(actionSchema, 'The file', 'INVALID_RULESET'))
const readBindings = createJsonFileReader(createValidator<Bindings>(bindingsSchema, 'The file', 'INVALID_RULESET'))
const knownTriggers: ReadonlySet<string> = new Set(Object.values(handlers))

/**
 * Reads the actions of an auth0-deploy-cli folder: `actions/NAME.json` names the code, `triggers/triggers.json` says which
 * of them run, and in which order. Without it all run, in the order of the file names. Actions of other triggers are left out.
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

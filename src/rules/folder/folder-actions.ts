import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { validator } from '../../profile/schema/validate.ts'
import { handlers } from '../source/dialect.ts'
import { filesIn } from './folder-files.ts'
import { baseOf, namedScript, readScript } from './folder-rules.ts'
import { jsonFileReader } from './json-file.ts'
import type { RuleFile } from './rule-file.ts'
import { type NamedSecret, secretsOf, secretsSchema } from './rule-metadata.ts'

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

const readAction = jsonFileReader(validator<ActionMetadata>(actionSchema, 'The file', 'INVALID_RULESET'))
const readBindings = jsonFileReader(validator<Bindings>(bindingsSchema, 'The file', 'INVALID_RULESET'))
const known: ReadonlySet<string> = new Set(Object.values(handlers))

/**
 * Reads the actions of an auth0-deploy-cli folder: `actions/NAME.json` names the code, `triggers/triggers.json` says which
 * of them run, and in which order. Without it all run, in the order of the file names. Actions of other triggers are left out.
 */
export function actionsIn(root: string, maxSourceBytes: number): readonly RuleFile[] {
  const folder = join(root, 'actions')
  const found = filesIn(folder)
    .filter((file) => extname(file) === '.json')
    .map((file) => ({ base: baseOf(file), ...readAction(join(folder, file)) }))
    .filter(({ supported_triggers: triggers }) => triggers === undefined || triggers.some(({ id }) => known.has(id)))
  const bound = boundNames(join(root, 'triggers', 'triggers.json'))
  return found.flatMap(({ base, name = base, code, secrets }) => {
    if (code === undefined) return []
    const order = bound?.indexOf(name)
    return {
      ...readScript(name, namedScript({ root, folder }, base, code, 'code'), maxSourceBytes),
      enabled: order !== -1,
      secrets: secretsOf(secrets),
      ...(order === undefined || order === -1 ? {} : { order }),
    }
  })
}

function boundNames(file: string): readonly string[] | undefined {
  if (!existsSync(file)) return undefined
  const bound = Object.entries(readBindings(file)).filter(([trigger]) => known.has(trigger))
  return bound.flatMap(([, actions]) => actions.map((action) => action.action_name))
}

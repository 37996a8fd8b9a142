import { ruleSchema } from '../profile/rule.ts'
import { validator } from '../profile/validate.ts'
import { jsonFileReader } from './json-file.ts'

/** What a JSON file beside a rule says of it: our own form, and auth0-deploy-cli's two. */
export interface RuleMetadata {
  readonly name?: string
  /** auth0-deploy-cli: the rule's file, relative to the folder. */
  readonly script?: string
  readonly order?: number
  readonly enabled?: boolean
  readonly stage?: string
  readonly onError?: 'deny' | 'skip'
}

const { name, script, order, enabled, onError } = ruleSchema.properties

/** Exported metadata may hold more than we know, so other names are welcome. */
const metadataSchema = {
  type: 'object',
  properties: { name, script, order, enabled, stage: { type: 'string' }, onError },
} as const

export const readMetadata = jsonFileReader(validator<RuleMetadata>(metadataSchema, 'The file', 'INVALID_RULESET'))

/** Auth0 knew other stages, but never ran a rule in them: such a rule is left out. */
export function runsAtLogin({ stage = 'login_success' }: RuleMetadata): boolean {
  return stage === 'login_success'
}

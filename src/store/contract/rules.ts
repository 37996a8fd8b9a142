import type { StoredRule } from '../../profile/rule/stored-rule.ts'
import type { PageRequest } from './page-request.ts'

/** `order`: one more than the highest of the stage; `enabled`: true; `stage`: `login_success`, where they are not given. */
export type NewRule = Pick<StoredRule, 'name' | 'script'> & Partial<Omit<StoredRule, 'id'>>

export type RulePatch = Partial<Omit<StoredRule, 'id' | 'stage'>>

/** Rules, and what they find in `configuration`. */
export interface NewRules {
  readonly rules: readonly NewRule[]
  readonly configuration: Readonly<Record<string, string>>
}

export interface RuleQuery extends PageRequest {
  readonly enabled?: boolean | undefined
}

/** Everything that logins run, as it stood at one moment. */
export interface StoredRules {
  readonly version: number
  /** Those of stage `login_success`, in order; disabled ones, too. */
  readonly rules: readonly StoredRule[]
  readonly configuration: Readonly<Record<string, string>>
}

/** The rules and what they find in `configuration`. Whether a script is a rule is for the caller to check. */
export interface RuleStore {
  /** One page, by stage and order; `total` counts every page. */
  list(query: RuleQuery): Promise<{ readonly rules: readonly StoredRule[]; readonly total: number }>
  get(id: string): Promise<StoredRule | undefined>
  /** @throws {ClaimsmithError} STORE_CONFLICT when the name, or the order in its stage, is taken; INVALID_ARGUMENT. */
  create(rule: NewRule): Promise<StoredRule>
  /**
   * Puts rules and their configuration where there are none, all at once or not at all.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when there are some, or two have one name, or one order in a stage; INVALID_ARGUMENT.
   */
  createAll(rules: NewRules): Promise<void>
  /**
   * Undefined when there is no such rule.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when the name, or the order in its stage, is taken; INVALID_ARGUMENT.
   */
  update(id: string, patch: RulePatch): Promise<StoredRule | undefined>
  /** False when there was none. */
  delete(id: string): Promise<boolean>
  /** Sets a value of the configuration. @throws {ClaimsmithError} INVALID_ARGUMENT on a bad key or value. */
  setConfig(key: string, value: string): Promise<void>
  /** False when there was none. */
  deleteConfig(key: string): Promise<boolean>
  /** The names of the configuration's values, in order. */
  listConfigKeys(): Promise<readonly string[]>
  /** Grows with every change to a rule or a value, before the change is acknowledged. */
  getVersion(): Promise<number>
  /** What runs, whole: no change is half in it. */
  getCurrent(): Promise<StoredRules>
}

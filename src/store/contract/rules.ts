import type { StoredRule } from '../../profile/rule/stored-rule.ts'
import type { PageRequest } from './page-request.ts'

/** Defaults: `order` is one more than the highest of the stage, `enabled` is true, `stage` is `login_success`. */
export type NewRule = Pick<StoredRule, 'name' | 'script'> & Partial<Omit<StoredRule, 'id'>>

export type RulePatch = Partial<Omit<StoredRule, 'id' | 'stage'>>

/** Rules, and the values that they read as `configuration`. */
export interface NewRules {
  readonly rules: readonly NewRule[]
  readonly configuration: Readonly<Record<string, string>>
}

export interface RuleQuery extends PageRequest {
  readonly enabled?: boolean | undefined
}

/** A consistent snapshot of everything that logins run. */
export interface StoredRules {
  readonly version: number
  /** The rules of stage `login_success` in order, including disabled ones. */
  readonly rules: readonly StoredRule[]
  readonly configuration: Readonly<Record<string, string>>
}

/** The rules and the values that they read as `configuration`. The caller checks whether a script is a valid rule. */
export interface RuleStore {
  /** One page, sorted by stage and order. `total` counts the rules of all pages. */
  list(query: RuleQuery): Promise<{ readonly rules: readonly StoredRule[]; readonly total: number }>
  get(id: string): Promise<StoredRule | undefined>
  /**
   * @throws {ClaimsmithError} STORE_CONFLICT if the name, or the order in its stage, is taken; INVALID_ARGUMENT if a member is
   * malformed.
   */
  create(rule: NewRule): Promise<StoredRule>
  /**
   * Fills an empty store with rules and their configuration, in one transaction.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if there are rules or values already, or two rules share a name, or an order in a
   * stage; INVALID_ARGUMENT if a member is malformed.
   */
  createAll(rules: NewRules): Promise<void>
  /**
   * Changes a rule. Undefined if there is no such rule.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if the name, or the order in its stage, is taken; INVALID_ARGUMENT if a member is
   * malformed.
   */
  update(id: string, patch: RulePatch): Promise<StoredRule | undefined>
  /** False if there is no such rule. */
  delete(id: string): Promise<boolean>
  /** Sets a value of the configuration. @throws {ClaimsmithError} INVALID_ARGUMENT if the key or the value is malformed. */
  setConfig(key: string, value: string): Promise<void>
  /** False if there is no such value. */
  deleteConfig(key: string): Promise<boolean>
  /** The keys of the configuration's values, sorted. */
  listConfigKeys(): Promise<readonly string[]>
  /** A number that grows with every change to a rule or a value, before the change is acknowledged. */
  getVersion(): Promise<number>
  /** The rules and values of one version: it contains each change as a whole or not at all. */
  getCurrent(): Promise<StoredRules>
}

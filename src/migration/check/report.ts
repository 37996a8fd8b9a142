/** Whether a rule runs here; `runs with warnings`: it does, and something about it is worth a look. */
export type Verdict = 'runs' | 'runs with warnings' | 'will not run'

/** What a rule will meet, found without running anything. */
export interface CheckReport {
  /** The worst of the enabled rules' verdicts. */
  readonly verdict: Verdict
  readonly rules: readonly RuleReport[]
  /** What is to be installed beside the rules, as npm takes it: `lodash@4.17.19`. */
  readonly install: readonly string[]
  /** The keys that rules read and that no file gives a value; what actions miss stands with each. */
  readonly missingConfiguration: readonly string[]
  /** `fresh` where a rule writes to builtins, or to what a module exports: every login then gets its own. */
  readonly realm: 'hardened' | 'fresh'
}

export interface RuleReport {
  readonly name: string
  readonly file: string
  readonly enabled: boolean
  readonly dialect: 'rule' | 'action'
  readonly verdict: Verdict
  readonly modules: readonly ModuleReport[]
  /** The names it uses that Auth0 put into the scope of rules. */
  readonly globals: readonly string[]
  /** The hosts that it calls; `${…}` stands for what the text does not show. */
  readonly hosts: readonly string[]
  readonly configuration: { readonly needed: readonly string[]; readonly missing: readonly string[] }
  readonly claims: { readonly idToken: readonly string[]; readonly accessToken: readonly string[] }
  readonly findings: readonly Finding[]
}

export interface ModuleReport {
  /** As the rule wrote it. */
  readonly specifier: string
  readonly status: 'found' | 'missing' | 'refused'
  /** The version that was found, where its package says one. */
  readonly version?: string
}

export type FindingKind =
  | 'syntax'
  | 'module-missing'
  | 'module-refused'
  | 'module-version'
  | 'module-computed'
  | 'module-writes'
  | 'builtin-writes'
  | 'callback'
  | 'configuration'
  | 'unknown-name'
  | 'auth0'
  | 'reserved-claim'
  | 'deprecated'

/** Something about a rule. An `error` keeps it from running, a `warning` may surprise, a `note` is good to know. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'note'
  readonly kind: FindingKind
  readonly message: string
  readonly cure: string
  readonly line?: number
  readonly column?: number
}

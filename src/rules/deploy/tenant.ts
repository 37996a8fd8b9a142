/** What of a deployment concerns logins, keywords replaced. */
export interface Tenant {
  readonly rules: readonly DeployedRule[]
  readonly actions: readonly DeployedAction[]
  readonly configuration: Readonly<Record<string, string>>
  readonly unresolvedKeywords: readonly UnresolvedKeyword[]
  /** What is there and is not taken over, each a sentence. */
  readonly omissions: readonly string[]
}

export interface DeployedRule {
  readonly name: string
  readonly script: string
  /** A string where its keyword was not replaced. */
  readonly order?: number | string
  readonly enabled?: boolean | string
  readonly stage?: string
}

export interface DeployedAction {
  readonly name: string
  readonly script: string
  /** Where it stands among the actions of its trigger; absent where no trigger names it. */
  readonly order?: number
  readonly trigger: string
  readonly enabled: boolean
  /** The values are rarely there: exports do not show them. */
  readonly secrets: Readonly<Record<string, string>>
  readonly dependencies: readonly string[]
}

/** A keyword for which there was no value. */
export interface UnresolvedKeyword {
  readonly marker: string
  readonly file: string
  readonly line: number
}

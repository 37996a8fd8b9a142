/** The parts of a deployment that concern logins, with keywords replaced. */
export interface Tenant {
  readonly rules: readonly DeployedRule[]
  readonly actions: readonly DeployedAction[]
  readonly configuration: Readonly<Record<string, string>>
  readonly unresolvedKeywords: readonly UnresolvedKeyword[]
  /** Parts of the deployment that are not imported, each as a sentence. */
  readonly omissions: readonly string[]
}

export interface DeployedRule {
  readonly name: string
  readonly script: string
  /** A string if its keyword was not replaced. */
  readonly order?: number | string
  readonly enabled?: boolean | string
  readonly stage?: string
}

export interface DeployedAction {
  readonly name: string
  readonly script: string
  /** Its position among the actions of its trigger, from 1; absent if no trigger names it. */
  readonly order?: number
  readonly trigger: string
  readonly enabled: boolean
  /** Empty text for a value that the export withholds; most do. */
  readonly secrets: Readonly<Record<string, string>>
  readonly dependencies: readonly string[]
}

/** A keyword that has no value. */
export interface UnresolvedKeyword {
  readonly marker: string
  readonly file: string
  readonly line: number
}

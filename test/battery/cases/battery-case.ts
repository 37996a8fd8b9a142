import type { BatteryId } from './rows.ts'
import type { Servers } from './servers.ts'
import type { VariantName, VariantOptions } from './variants.ts'

interface CaseFacts {
  /** The row that the case belongs to. */
  readonly id: BatteryId
  /** What is tried, in one line. It is unique within its row. */
  readonly mechanism: string
  /** The only way in which it ends. */
  readonly expected: string
  readonly variants: readonly VariantName[]
  /** Says why this machine cannot run the case; undefined if it can. */
  readonly findReasonToSkip?: () => Promise<string | undefined>
}

/** A script that attacks for one user, beside clean logins. `expected` is an error code, or an outcome that is no error. */
export interface ScriptCase extends CaseFacts {
  /** A function, if it takes the ports of servers. */
  readonly script: string | ((servers: Servers) => string)
  readonly limits?: object
  /** The private addresses that rules may reach. */
  readonly allow?: readonly string[]
  /** Says what the servers saw that they must not see; undefined if all is well. */
  readonly inspectServers?: (servers: Servers, repeats: number) => string | undefined
}

/** A program that attacks. `run` resolves to how it ended; each repeat is one call. */
export interface ProgramCase extends CaseFacts {
  readonly run: (variant: VariantOptions) => Promise<string>
}

export type BatteryCase = ScriptCase | ProgramCase

/** The name that a case is found by. */
export function nameCase({ id, mechanism }: BatteryCase): string {
  return `${id} ${mechanism}`
}

import type { RequestRecord } from '../../wire/records.ts'
import type { HostPattern } from '../host-pattern.ts'
import type { HostSecrets } from './secrets/host-secrets.ts'

/** What one rule may reach, and the secrets of its ruleset. */
export interface RuleEgress {
  /** The rule's name. */
  readonly rule: string
  /** The hosts that the rule declares; undefined if it declares none. */
  readonly hosts: readonly HostPattern[] | undefined
  /** Undefined if the ruleset has none. */
  readonly secrets: HostSecrets | undefined
}

/** A run of rules, as far as the network side needs it: its counters, and its record of requests. */
export interface OutboundRun {
  /** Its rules have come to their end. */
  readonly isFinished: boolean
  /** Requests and connections so far. */
  requestCount: number
  /** Requests and connections under way. */
  openRequests: number
  responseBytes: number
  /** That of the rule that runs; after the last rule, that of the last one. */
  readonly egress: RuleEgress
  recordRequest(record: RequestRecord): void
}

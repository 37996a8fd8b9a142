import { HostCallError } from '../../net/worker/host-call-error.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { OperationCost } from './operation-cost.ts'

/** A limit of CPU, and what is left of it. */
export interface CpuAllowance {
  /** As a message names it: `the rule`. */
  readonly subject: string
  readonly limit: 'cpuPerRuleMs' | 'cpuPerLoginMs'
  readonly limitMs: number
  readonly leftMs: number
}

/** @throws {HostCallError} LIMIT_EXCEEDED if an operation would use more CPU than is left */
export function assertAffordable({ operation, cpuMs }: OperationCost, allowance: CpuAllowance): void {
  const { subject, limit, limitMs, leftMs } = allowance
  if (!(cpuMs > leftMs)) return
  const message =
    `${operation} would use about ${formatMs(cpuMs)} ms of CPU, and ${subject} has ${formatMs(Math.max(0, leftMs))} ms left ` +
    `of ${limitMs}; the option limits.${limit} changes that`
  throw new HostCallError('LIMIT_EXCEEDED', message)
}

function formatMs(ms: number): string {
  return ms < 10 ? String(Number(ms.toFixed(1))) : String(Math.ceil(ms))
}

/** Admits what modules do while a realm starts. It belongs to no rule, so all of it together is bounded. */
export function createStartAdmission({
  cpuPerLoginMs,
}: Pick<SandboxLimits, 'cpuPerLoginMs'>): (cost: OperationCost) => void {
  let leftMs = cpuPerLoginMs
  return (cost) => {
    assertAffordable(cost, {
      subject: 'the start of the modules',
      limit: 'cpuPerLoginMs',
      limitMs: cpuPerLoginMs,
      leftMs,
    })
    leftMs -= cost.cpuMs
  }
}

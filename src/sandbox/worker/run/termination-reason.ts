import type { SandboxLimits } from '../../wire/limits.ts'
import type { RunFailure } from './run-budget.ts'

/**
 * What it means that isolated-vm ended an entry by force; undefined where `message` is an error of the rule's own. `timeout`: the
 * time was up, which says nothing of the CPU.
 */
export function getTerminationReason(message: string, limits: SandboxLimits): RunFailure | 'timeout' | undefined {
  if (message.includes('memory limit')) {
    return { code: 'RULE_MEMORY', message: `the ruleset used more than ${limits.isolateHeapMb} MB of memory` }
  }
  if (message.includes('timed out')) return 'timeout'
  return message.includes('disposed') ? { code: 'RULE_THREW', message: 'the rule broke its realm' } : undefined
}

/** What a login fails with that nothing can bring to an end any more. */
export function createDeadlockFailure(kind: 'rule' | 'action' | undefined): RunFailure {
  const message =
    kind === 'action'
      ? 'the action waits for nothing and its promise is not settled'
      : 'the rule waits for nothing and has not called its callback'
  return { code: 'RULE_NO_CALLBACK', message }
}

/** What a login fails with that no realm could be made for. */
export function toRealmFailure(error: unknown): RunFailure {
  if (error instanceof SyntaxError) return { code: 'RULE_SYNTAX', message: error.message }
  return { code: 'RULE_MEMORY', message: 'there is no room for another realm' }
}

const maxRejectionLength = 1_000

/** What it means that an entry threw otherwise: isolated-vm throws what a promise was rejected with that nobody handles. */
export function toUnhandledRejection(message: string): RunFailure {
  return { code: 'RULE_THREW', message: `nobody handled a rejection: ${message.slice(0, maxRejectionLength)}` }
}

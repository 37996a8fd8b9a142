import type { SandboxLimits } from '../../wire/limits.ts'
import type { RunFailure } from './run-budget.ts'

/**
 * Why isolated-vm terminated an entry; undefined if `message` is an error of the rule's own. `timeout` is wall-clock time:
 * it says nothing about the CPU that was used.
 */
export function getTerminationReason(message: string, limits: SandboxLimits): RunFailure | 'timeout' | undefined {
  if (message.includes('memory limit')) {
    return { code: 'RULE_MEMORY', message: `the ruleset used more than ${limits.isolateHeapMb} MB of memory` }
  }
  if (message.includes('timed out')) return 'timeout'
  return message.includes('disposed') ? { code: 'RULE_THREW', message: 'the rule broke its realm' } : undefined
}

/** The failure of a run that can never end: nothing is pending, and no callback was called. */
export function createDeadlockFailure(kind: 'rule' | 'action' | undefined): RunFailure {
  const message =
    kind === 'action'
      ? 'the action waits for nothing and its promise is not settled'
      : 'the rule waits for nothing and has not called its callback'
  return { code: 'RULE_NO_CALLBACK', message }
}

/** The failure of a run if no realm could be made for it. */
export function toRealmFailure(error: unknown): RunFailure {
  if (error instanceof SyntaxError) return { code: 'RULE_SYNTAX', message: error.message }
  return { code: 'RULE_MEMORY', message: 'there is no memory for another realm' }
}

const maxRejectionLength = 1_000

/** The failure of a run if an entry threw: isolated-vm throws the reasons of promise rejections that nothing handles. */
export function toUnhandledRejection(message: string): RunFailure {
  return { code: 'RULE_THREW', message: `a promise rejection was not handled: ${message.slice(0, maxRejectionLength)}` }
}

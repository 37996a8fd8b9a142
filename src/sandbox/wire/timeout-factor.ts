/**
 * Initial ratio of an entry's wall-clock timeout to its CPU budget on an idle machine. isolated-vm can only time out by wall
 * clock, and on a loaded machine a rule may be descheduled. A run that times out with budget left is retried with twice the
 * factor.
 */
export const initialTimeoutFactor = 2

/** How often a run may be interrupted before it fails, if it is not known to be the cause. */
export const maxAttempts = 5

export function timeoutFactor(attempts: number): number {
  return initialTimeoutFactor * 2 ** attempts
}

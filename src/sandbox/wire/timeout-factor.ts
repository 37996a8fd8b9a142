/**
 * How much longer than its CPU lasts an entry into an isolate may take, at first. Timeouts count time, and on a busy machine
 * a rule gets little CPU in it: who has not used up his CPU by then runs again, and gets twice as long each time.
 */
export const initialTimeoutFactor = 2

/** How often a login is lost through no fault of its own before it is given up. */
export const maxAttempts = 5

export function timeoutFactor(attempts: number): number {
  return initialTimeoutFactor * 2 ** attempts
}

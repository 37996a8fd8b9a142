/**
 * How much longer than its CPU lasts an entry into an isolate may take, at first. Timeouts count time, and on a busy machine
 * a rule gets little CPU in it: who has not used up his CPU by then runs again, and gets twice as long each time.
 */
export const firstPatience = 2

/** How often a login is lost through no fault of its own before it is given up. */
export const maxLosses = 5

export function patienceAfter(losses: number): number {
  return firstPatience * 2 ** losses
}

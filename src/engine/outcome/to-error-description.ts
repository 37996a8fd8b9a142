import type { Outcome } from './outcome.ts'

/**
 * Describes why no tokens may be issued, in a sentence for the user; undefined if they may. A caller that cannot show a
 * page may issue tokens only if the outcome is `allow`.
 */
export function toErrorDescription(outcome: Outcome): string | undefined {
  switch (outcome.outcome) {
    case 'allow':
      return undefined
    case 'deny':
      return outcome.reason
    case 'redirect':
      return 'A rule asks for a redirect, which this login cannot follow.'
    case 'challenge':
      return 'A rule asks for a second factor, which this login cannot ask for.'
    case 'error': {
      const { rule, code } = outcome.error
      // The messages of rules stay out of responses.
      return `${rule === undefined ? 'The rules' : `The rule ${rule}`} failed: ${code}.`
    }
    default:
      return outcome satisfies never
  }
}

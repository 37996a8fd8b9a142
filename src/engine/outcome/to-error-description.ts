import type { Outcome } from './outcome.ts'

/**
 * Why tokens must not be made, as a sentence for the person who logs in; undefined where they may. Where no page can be
 * shown, only `allow` allows.
 */
export function toErrorDescription({ outcome, reason, error }: Outcome): string | undefined {
  switch (outcome) {
    case 'allow':
      return undefined
    case 'deny':
      return reason ?? 'A rule refused the login.'
    case 'redirect':
      return 'A rule asks for a redirect, which this login cannot follow.'
    case 'challenge':
      return 'A rule asks for a second factor, which this login cannot ask for.'
    case 'error': {
      const { rule, code } = error ?? {}
      // A rule's text is nobody's business outside.
      return `${rule === undefined ? 'The rules' : `The rule ${rule}`} failed: ${code}.`
    }
    default:
      return outcome satisfies never
  }
}

import { appendPointer } from '../../profile/schema/append-pointer.ts'
import type { Redactor } from '../redaction/redactor.ts'
import type { Difference } from './diff-outcomes.ts'
import type { Interaction, RecordedAnswers } from './recorded-answers.ts'

/** Compares what an outcome does not contain: bodies of requests, and calls. */
export function diffInteractions({ interactions, listUnused }: RecordedAnswers, redactor: Redactor): Difference[] {
  const redactedInteractions = interactions.map(({ match, ...one }) => ({
    one: normalizeInteraction(redactor.redact(one)),
    match,
  }))
  const changed = redactedInteractions.flatMap(({ one, match }): Difference[] => {
    const path = formatPointer(one)
    if (match === undefined) return one.kind === 'call' ? [{ path, kind: 'added', after: one.input }] : []
    const before = normalizeInteraction(match)
    const isSame = JSON.stringify(before.input) === JSON.stringify(one.input)
    return isSame ? [] : [{ path, kind: 'changed', before: before.input, after: one.input }]
  })
  const missing = listUnused()
    .filter(({ kind }) => kind === 'call')
    .map((one): Difference => ({ path: formatPointer(one), kind: 'removed', before: one.input }))
  return [...changed, ...missing]
}

const formatPointer = ({ kind, target }: Interaction): string => appendPointer(`/${kind}s`, target)

function normalizeInteraction(interaction: Interaction): Interaction {
  return JSON.parse(JSON.stringify(interaction).replaceAll(/(\[redacted:[^\]]+?)-\d+\]/g, '$1]')) as Interaction
}

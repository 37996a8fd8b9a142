import { markdownTable } from 'markdown-table'
import { type TrialResult, hasPassed, listNotes } from './trial.ts'

const header = ['case', 'class', 'mechanism', 'variant', 'expected', 'repeats', 'result']

/** Formats results as a Markdown table, and what failed or was skipped below it. */
export function formatTable(results: readonly TrialResult[]): string {
  const rows = results.map((result) => [
    result.id,
    result.class,
    result.mechanism.replaceAll('|', '\\|'),
    result.variant,
    result.expected,
    String(result.repeats),
    formatResult(result),
  ])
  const notes = results.flatMap(listNotes)
  return [
    markdownTable([header, ...rows]),
    '',
    ...(notes.length === 0 ? [] : [...notes, '']),
    summarize(results),
    '',
  ].join('\n')
}

function formatResult(result: TrialResult): string {
  if (result.skipped !== undefined) return 'skipped'
  const { passed, repeats } = result
  return `${hasPassed(result) ? '' : '**failed** '}${passed} of ${repeats}`
}

function summarize(results: readonly TrialResult[]): string {
  const skipped = results.filter((result) => result.skipped !== undefined).length
  const failed = results.filter((result) => !hasPassed(result)).length
  const rows = new Set(results.map(({ id }) => id)).size
  const passed = results.length - skipped - failed
  return `${results.length} trials of ${rows} rows: ${passed} passed, ${failed} failed, ${skipped} skipped.`
}

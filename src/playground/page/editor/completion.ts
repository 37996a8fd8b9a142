import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Known } from './known-names.ts'

/** A name, or names joined by dots, up to where the cursor is. */
const path = /[\w$]+(?:\??\.[\w$]+)*\??\.?$/

/** Completes the names of rules and actions, and what is below them. */
export function completeNames(names: (root: string | undefined) => Promise<Readonly<Record<string, Known>>>) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.matchBefore(path)
    if (before === null && !context.explicit) return null
    const parts = (before?.text ?? '').split(/\??\./)
    const typed = parts.pop() ?? ''
    const members = parts.reduce<Readonly<Record<string, Known>> | undefined>(
      (known, part) => known?.[part]?.members,
      await names(parts[0]),
    )
    if (members === undefined) return null
    const options = Object.entries(members).map(([label, known]) => toCompletion(label, known))
    return options.length === 0 ? null : { from: context.pos - typed.length, options, validFor: /^[\w$]*$/ }
  }
}

function toCompletion(label: string, { detail, info }: Known): Completion {
  const isFunction = detail === 'function' || detail.startsWith('(')
  return { label, detail, type: isFunction ? 'function' : 'property', ...(info && { info }) }
}

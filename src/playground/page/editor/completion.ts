import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { NameInfo } from './collect-names.ts'

/** A name, or names joined by dots, up to the cursor. */
const path = /[\w$]+(?:\??\.[\w$]+)*\??\.?$/

/** Completes the names that rules and actions can use, and their members. */
export function completeNames(loadNames: (root: string | undefined) => Promise<Readonly<Record<string, NameInfo>>>) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.matchBefore(path)
    if (before === null && !context.explicit) return null
    const parts = (before?.text ?? '').split(/\??\./)
    const prefix = parts.pop() ?? ''
    const members = parts.reduce<Readonly<Record<string, NameInfo>> | undefined>(
      (level, part) => level?.[part]?.members,
      await loadNames(parts[0]),
    )
    if (members === undefined) return null
    const options = Object.entries(members).map(([label, entry]) => toCompletion(label, entry))
    return options.length === 0 ? null : { from: context.pos - prefix.length, options, validFor: /^[\w$]*$/ }
  }
}

function toCompletion(label: string, { detail, info }: NameInfo): Completion {
  const isFunction = detail === 'function' || detail.startsWith('(')
  return { label, detail, type: isFunction ? 'function' : 'property', ...(info && { info }) }
}

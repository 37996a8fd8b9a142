import { type Base64Core, findBase64Run } from '../../../wire/secret-forms.ts'

/** A text whose characters are bytes: one of Latin-1. */
type ByteText = string

interface Base64Replacement {
  /** Where `from` may be: the result of `listBase64Cores`. */
  readonly cores: readonly Base64Core[]
  readonly from: ByteText
  readonly to: ByteText
}

/** Replaces bytes within the base64 of a text: each run that holds them is decoded, changed, and encoded as it was. */
export function replaceInBase64(text: string, { cores, from, to }: Base64Replacement): string {
  let result = ''
  let position = 0
  for (let match = findCore(text, cores, 0); match !== undefined; match = findCore(text, cores, match.nextIndex)) {
    const { start, index } = match
    const end = findBase64Run(text, index, index + 1)[1]
    const decoded = Buffer.from(text.slice(start, end), 'base64').toString('latin1')
    if (start < position || !decoded.includes(from)) continue
    result +=
      text.slice(position, start) +
      encodeLike(
        decoded.replaceAll(from, () => to),
        text.slice(start, end),
      )
    position = end
  }
  return result + text.slice(position)
}

/** Finds the next core at or after an index; `start` is where its group of four digits begins. */
function findCore(
  text: string,
  cores: readonly Base64Core[],
  fromIndex: number,
): { readonly index: number; readonly start: number; readonly nextIndex: number } | undefined {
  const [first] = cores
    .map(({ digits, skippedDigits }) => ({ index: text.indexOf(digits, fromIndex), skippedDigits }))
    .filter(({ index }) => index >= 0)
    .toSorted((one, other) => one.index - other.index)
  if (first === undefined) return undefined
  const { index, skippedDigits } = first
  return { index, start: Math.max(0, index - skippedDigits), nextIndex: index + 1 }
}

function encodeLike(bytes: ByteText, sample: string): string {
  const isUrlAlphabet = /[_-]/.test(sample)
  const isPadded = sample.endsWith('=') || (!isUrlAlphabet && sample.length % 4 === 0)
  const base64 = Buffer.from(bytes, 'latin1').toString(isUrlAlphabet ? 'base64url' : 'base64')
  if (!isPadded) return base64.replace(/=+$/, '')
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')
}

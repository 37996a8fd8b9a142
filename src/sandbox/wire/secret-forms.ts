/** Lists the encodings of a secret that may be in a text, except base64. */
export function listSecretForms(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  const inUrl = encodeURIComponent(secret.toWellFormed())
  const inForm = new URLSearchParams({ '': secret }).toString().slice(1)
  const inHex = Buffer.from(secret).toString('hex')
  return [
    ...new Set([secret, inJson, inUrl, encodeURI(secret.toWellFormed()), inForm, encodeURIComponent(inUrl), inHex]),
  ]
}

/** The digits of base64 that encode a secret at one of its three offsets, without the edge digits that also encode its neighbours. */
export interface Base64Core {
  readonly digits: string
  /** How many digits lie between the beginning of a group of four and these digits. */
  readonly skippedDigits: number
}

/** A digit of base64 holds six bits, so bytes before a secret shift its digits in one of three ways. */
const shifts = [
  { bytes: 0, skippedDigits: 0 },
  { bytes: 1, skippedDigits: 2 },
  { bytes: 2, skippedDigits: 3 },
]

/** Lists the digits of base64 that encode a secret at any offset, in both alphabets. */
export function listBase64Cores(secret: string): Base64Core[] {
  return shifts.flatMap(({ bytes, skippedDigits }) => {
    const buffer = Buffer.concat([Buffer.alloc(bytes), Buffer.from(secret)])
    const digits = buffer.toString('base64').slice(skippedDigits, Math.floor((buffer.length * 8) / 6))
    const urlDigits = digits.replaceAll('+', '-').replaceAll('/', '_')
    return [{ digits, skippedDigits }, ...(urlDigits === digits ? [] : [{ digits: urlDigits, skippedDigits }])]
  })
}

/** Extends a range to the whole run of base64 around it. */
export function findBase64Run(text: string, start: number, end: number): [start: number, end: number] {
  const isDigit = (at: number): boolean => /[A-Za-z\d+/_-]/.test(text.charAt(at))
  let [from, to] = [start, end]
  while (from > 0 && isDigit(from - 1)) from--
  while (to < text.length && isDigit(to)) to++
  while (text.charAt(to) === '=') to++
  return [from, to]
}

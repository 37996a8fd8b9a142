/** Endings of names of secrets, reduced to letters and digits. */
const endings =
  /(?:password|passwordhash|passwd|pwd|passphrase|passcode|secret|token|apikey|accesskey|privatekey|secretkey|subscriptionkey|authorization|cookie|credential|assertion|signature|samlresponse|codeverifier|jwt|otp)s?$/
const exactNames = /^(?:pin|cvc|cvv)$/

/** Whether a name reveals that its value is secret: `client_secret`, `accessToken`, `Set-Cookie`, `X-Api-Key`. */
export function isSecretName(name: string): boolean {
  const letters = name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  return endings.test(letters) || exactNames.test(letters)
}

/** Match named values in a text: members of JSON, fields of a form or a query, credentials of a header. */
const patterns: readonly RegExp[] = [
  /"(?<name>[^"\\]{1,100})"\s*:\s*"(?<value>(?:[^"\\]|\\.)*)"/dg,
  /"(?<name>[^"\\]{1,100})"\s*:\s*(?<number>-?\d[\d.eE+-]*)/dg,
  /(?:^|[?&;,\s])(?<name>[\w.%[\]-]{1,100})=(?<value>[^&#;,\s"']+)/dg,
  /\b(?<name>bearer|basic)\s+(?<value>(?=[\w.~+/=-]*\d|[\w.~+/=-]{20})[\w.~+/=-]{6,})/dgi,
  /(?<value>\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/dg,
  /\/\/[^/\s:@]*:(?<value>[^/\s@]+)@/dg,
]

/** A secret in a text, and its range. */
export interface SecretMatch {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
  /** Whether it is a number of JSON. */
  readonly isNumber: boolean
}

/** Finds the secrets that a text names, in order. One may contain another. */
export function findSecrets(text: string): SecretMatch[] {
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)].flatMap(toSecretMatches))
    .toSorted((one, other) => one.start - other.start)
}

function toSecretMatches({ groups = {}, indices }: RegExpExecArray): SecretMatch[] {
  const { name, number, value = number ?? '' } = groups
  const [start, end] = indices?.groups?.['value'] ?? indices?.groups?.['number'] ?? [0, 0]
  const match = { value, start, end, isNumber: number !== undefined }
  if (name === undefined) return [{ name: value.startsWith('eyJ') ? 'jwt' : 'password', ...match }]
  if (/^(?:bearer|basic)$/i.test(name)) return [{ name: 'credentials', ...match }]
  return isSecretName(name) ? [{ name, ...match }] : []
}

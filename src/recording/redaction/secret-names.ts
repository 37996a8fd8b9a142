/** What the name of a field that holds a secret ends with, as letters and digits alone. */
const endings =
  /(?:password|passwordhash|passwd|pwd|passphrase|passcode|secret|token|apikey|accesskey|privatekey|secretkey|subscriptionkey|authorization|cookie|credential|assertion|signature|samlresponse|codeverifier|jwt|otp)s?$/
const whole = /^(?:pin|cvc|cvv)$/

/** Whether what stands under this name is nobody's business: `client_secret`, `accessToken`, `Set-Cookie`, `X-Api-Key`. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
  return endings.test(plain) || whole.test(plain)
}

/** Where a text holds values under such names: members of JSON, fields of a form or a query, credentials of a header. */
const places: readonly RegExp[] = [
  /"(?<name>[^"\\]{1,100})"\s*:\s*"(?<value>(?:[^"\\]|\\.)*)"/dg,
  /"(?<name>[^"\\]{1,100})"\s*:\s*(?<number>-?\d[\d.eE+-]*)/dg,
  /(?:^|[?&;,\s])(?<name>[\w.%[\]-]{1,100})=(?<value>[^&#;,\s"']+)/dg,
  /\b(?<name>bearer|basic)\s+(?<value>(?=[\w.~+/=-]*\d|[\w.~+/=-]{20})[\w.~+/=-]{6,})/dgi,
  /(?<value>\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/dg,
  /\/\/[^/\s:@]*:(?<value>[^/\s@]+)@/dg,
]

/** A secret in a text, by where it stands. */
export interface Place {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
  /** It is a number of JSON. */
  readonly isNumber: boolean
}

/** The secrets that the words of a text give away, in order; they may lie within one another. */
export function secretsWithin(text: string): Place[] {
  return places
    .flatMap((place) => [...text.matchAll(place)].flatMap(placeOf))
    .toSorted((one, other) => one.start - other.start)
}

function placeOf({ groups = {}, indices }: RegExpExecArray): Place[] {
  const { name, number, value = number ?? '' } = groups
  const [start, end] = indices?.groups?.['value'] ?? indices?.groups?.['number'] ?? [0, 0]
  const place = { value, start, end, isNumber: number !== undefined }
  if (name === undefined) return [{ name: value.startsWith('eyJ') ? 'jwt' : 'password', ...place }]
  if (/^(?:bearer|basic)$/i.test(name)) return [{ name: 'credentials', ...place }]
  return isSecretName(name) ? [{ name, ...place }] : []
}

import { createHmac, timingSafeEqual } from 'node:crypto'

/** A token that an action exchanges with the page it redirects to: a JWT, signed with a secret that both know. */
interface EncodeInput {
  readonly secret: string
  readonly claims: Readonly<Record<string, unknown>>
  readonly expiresInSeconds?: number
  /** The time of the login. */
  readonly nowMs: number
}

interface DecodeInput {
  readonly secret: string
  readonly token: string
  /** The `state` parameter that the user came back with. */
  readonly state: string | undefined
  readonly nowMs: number
}

const defaultExpirySeconds = 900
const header = encodeJson({ alg: 'HS256', typ: 'JWT' })

/** `api.redirect.encodeToken`. `iat` and `exp` of the payload are replaced. */
export function encodeSessionToken(input: string): string {
  const { secret, claims, expiresInSeconds = defaultExpirySeconds, nowMs } = JSON.parse(input) as EncodeInput
  const nowSeconds = Math.floor(nowMs / 1_000)
  const times = { iat: nowSeconds, exp: nowSeconds + expiresInSeconds }
  const content = `${header}.${encodeJson({ ...claims, ...times })}`
  return `${content}.${computeSignature(content, secret).toString('base64url')}`
}

/** `api.redirect.validateToken`. Returns the payload as JSON; throws if the token is not valid for this login. */
export function decodeSessionToken(input: string): string {
  const { secret, token, state, nowMs } = JSON.parse(input) as DecodeInput
  const payload = verifyToken(token, secret)
  const { exp, nbf } = payload
  const nowSeconds = nowMs / 1_000
  if (typeof exp !== 'number') throw new Error('The token has no expiry')
  if (exp <= nowSeconds) throw new Error('The token is expired')
  if (typeof nbf === 'number' && nbf > nowSeconds) throw new Error('The token is not valid yet')
  if (state === undefined || payload['state'] !== state) throw new Error('The token is for another login')
  return JSON.stringify(payload)
}

function verifyToken(token: string, secret: string): Record<string, unknown> {
  const [head = '', body = '', signaturePart = '', ...more] = token.split('.')
  const actualSignature = Buffer.from(signaturePart, 'base64url')
  const expectedSignature = computeSignature(`${head}.${body}`, secret)
  const isSigned =
    more.length === 0 &&
    actualSignature.length === expectedSignature.length &&
    timingSafeEqual(actualSignature, expectedSignature)
  if (!isSigned || decodeJson(head)?.['alg'] !== 'HS256') throw new Error('The token is not signed with this secret')
  const payload = decodeJson(body)
  if (payload === undefined) throw new Error('The token holds no claims')
  return payload
}

function computeSignature(content: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(content).digest()
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decodeJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Delivery } from './hook.ts'

/** The largest difference between a delivery's timestamp and our clock. */
const toleranceMs = 300_000

/** Compares in constant time. */
function isSame(candidate: string, secret: string): boolean {
  return timingSafeEqual(digest(candidate), digest(secret))
}

/** Checks for the secret itself, in the header `Authorization` (with or without `Bearer`) or `X-Api-Key`. */
export function hasSecret({ headers }: Delivery, secret: string): boolean {
  const candidate = headers.get('x-api-key') ?? headers.get('authorization')?.replace(/^Bearer +/i, '')
  return candidate !== undefined && isSame(candidate, secret)
}

/** Verifies `t=<seconds>,v1=<hex>…`: HMAC-SHA256 of `<seconds>.<body>`, with one signature for each active key. */
export function isTimestampSigned(header: string | null, body: string, secret: string, nowMs: number): boolean {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('=') as [string, string?])
  const seconds = parts.find(([name]) => name === 't')?.[1]
  if (!isRecent(seconds, nowMs)) return false
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return parts.some(([name, value]) => name === 'v1' && value !== undefined && isSame(value, expected))
}

/** Verifies Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. `|` separates several secrets. */
export function isStandardWebhook({ headers, body }: Delivery, secrets: string, nowMs: number): boolean {
  const [id, seconds, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers.get(`webhook-${name}`) ?? '')
  if (!id || !signatures || !isRecent(seconds, nowMs)) return false
  return secrets.split('|').some((secret) => {
    const expected = new Webhook(secret.replace(/^v1,/, '')).sign(id, new Date(Number(seconds) * 1_000), body)
    return signatures.split(' ').some((signature) => isSame(signature, expected))
  })
}

function isRecent(seconds: string | undefined, nowMs: number): seconds is string {
  return /^\d{1,12}$/.test(seconds ?? '') && Math.abs(nowMs - Number(seconds) * 1_000) <= toleranceMs
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

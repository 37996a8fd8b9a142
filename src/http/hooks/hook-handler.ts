import { createHash } from 'node:crypto'
import { Ajv, type ValidateFunction } from 'ajv'
import { LRUCache } from 'lru-cache'
import secureJson from 'secure-json-parse'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import { oauthError } from '../../login/result/result.ts'
import { readText } from '../body.ts'
import type { Handler } from '../handler.ts'
import { toErrorResponse } from '../respond.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import type { Delivery, Hook, HookResponse } from './hook.ts'

export interface HookOptions {
  readonly engine: Engine
  /** What the auth server proves itself with; what it is for each vendor, the README says. */
  readonly secret: string
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
  /** Told of every exception, which is a fault of ours; the auth server gets a refusal. */
  readonly onInternalError?: (error: unknown) => void
}

/** The rules of a login through a hook may take this long: the shortest patience among the vendors is 3 s. */
export const hookWallMs = 2_500

/** How many answers are kept to deliveries that may come again, and for how long. */
const responseCacheLimits = { max: 10_000, ttl: 600_000 }

const ajv = new Ajv({ allowUnionTypes: true })

/**
 * Serves one auth server's hook: who asks, what do they ask, run the rules, answer in their own form.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a secret that can be none
 */
export function createHookHandler<Payload extends object>(hook: Hook<Payload>, options: HookOptions): Handler {
  const { engine, secret, clock = Date.now, onInternalError } = options
  assertSecret(hook, secret)
  const isPayload: ValidateFunction<Payload> = ajv.compile<Payload>(hook.schema)
  const responseCache = new LRUCache<string, Promise<HookResponse>>(responseCacheLimits)

  async function run(payload: Payload): Promise<HookResponse> {
    const login = hook.toLogin(payload)
    if (login === undefined) return hook.passThrough(payload)
    const outcome = await engine.run(login, { wallMs: hookWallMs })
    const denyReason = toErrorDescription(outcome)
    return denyReason === undefined ? hook.allow(payload, outcome) : hook.deny(denyReason)
  }

  /** The same delivery again gets the same answer, also while the first one is being made. */
  function runOnce(payload: Payload, { headers, body }: Delivery): Promise<HookResponse> {
    const id = hook.readDeliveryId?.(payload, headers)
    if (id === undefined) return run(payload)
    const key = `${id} ${createHash('sha256').update(body).digest('base64')}`
    const cachedResponse = responseCache.get(key)
    if (cachedResponse !== undefined) return cachedResponse
    const hookResponse = run(payload)
    responseCache.set(key, hookResponse)
    // What broke on our side may be tried again.
    hookResponse.catch(() => responseCache.delete(key))
    return hookResponse
  }

  return async (request) => {
    if (request.method !== 'POST') {
      return toErrorResponse(oauthError('hook_method_not_allowed', 'A hook takes POST.'), { allow: 'POST' })
    }
    const body = await readText(request)
    if (body === undefined) return toErrorResponse(oauthError('invalid_request', 'The body is larger than 1 MB.'))
    const delivery = { headers: request.headers, body }
    if (!hook.isAuthentic(delivery, secret, clock())) {
      const message = 'The caller did not prove that it knows the secret of this hook.'
      return toErrorResponse(oauthError('hook_not_authentic', message))
    }
    const payload = parseJson(body)
    if (payload === undefined)
      return toErrorResponse(oauthError('invalid_request', 'The body is not JSON, or has a forbidden key.'))
    if (!isPayload(payload)) {
      const message = `The body is not what ${hook.name} sends: ${ajv.errorsText(isPayload.errors)}.`
      return toErrorResponse(oauthError('invalid_request', message))
    }
    try {
      return toHttpResponse(await runOnce(payload, delivery))
    } catch (error) {
      onInternalError?.(error)
      return toHttpResponse(hook.deny('Something broke on our side.'))
    }
  }
}

function assertSecret({ name, secretFormat }: Hook<never>, secret: unknown): void {
  const { pattern = /./, example = 'a long random text' } = secretFormat ?? {}
  if (typeof secret === 'string' && pattern.test(secret)) return
  const message = `The secret of the hook for ${name} is not what it should be: ${example}.`
  throw new ClaimsmithError('INVALID_ARGUMENT', message)
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = secureJson.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function toHttpResponse({ status, body }: HookResponse): Response {
  const headers = { 'cache-control': 'no-store' }
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers })
}

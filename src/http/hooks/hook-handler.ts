import { createHash } from 'node:crypto'
import { Ajv, type ValidateFunction } from 'ajv'
import { LRUCache } from '../../cache/lru-cache.ts'
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
  /** Authenticates the auth server; docs/hooks.md says which secret each vendor has. */
  readonly secret: string
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
  /** Called with every unexpected exception; the login is then denied. The id is empty unless `createAuthServer` gave one. */
  readonly onInternalError?: (error: unknown, requestId: string) => void
}

/** How long the rules of a hook may take. The shortest timeout of a vendor is 3 s. */
export const hookWallMs = 2_500

/** Responses are kept for deliveries that are repeated. */
const responseCacheLimits = { max: 10_000, ttl: 600_000 }

const ajv = new Ajv({ allowUnionTypes: true })

/**
 * Creates the handler of one auth server's hook: authenticate, validate, run the rules, respond in the vendor's format.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the secret does not have the vendor's format
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

  /** Runs the rules once per delivery; a repeated one gets the same response, even while the first is running. */
  function runOnce(payload: Payload, { headers, body }: Delivery): Promise<HookResponse> {
    const id = hook.readDeliveryId?.(payload, headers)
    if (id === undefined) return run(payload)
    const key = `${id} ${createHash('sha256').update(body).digest('base64')}`
    const cachedResponse = responseCache.get(key)
    if (cachedResponse !== undefined) return cachedResponse
    const hookResponse = run(payload)
    responseCache.set(key, hookResponse)
    // After an internal error the delivery may be tried again.
    hookResponse.catch(() => responseCache.delete(key))
    return hookResponse
  }

  return async (request, connectionInfo) => {
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
      const message = `The body is not a payload of ${hook.name}: ${ajv.errorsText(isPayload.errors)}.`
      return toErrorResponse(oauthError('invalid_request', message))
    }
    try {
      return toHttpResponse(await runOnce(payload, delivery))
    } catch (error) {
      try {
        onInternalError?.(error, connectionInfo?.requestId ?? '')
      } catch {
        // The callback must not replace the response.
      }
      return toHttpResponse(hook.deny('The login failed with an internal error.'))
    }
  }
}

function assertSecret({ name, secretFormat }: Hook<never>, secret: unknown): void {
  const { pattern = /./, example = 'a long random text' } = secretFormat ?? {}
  if (typeof secret === 'string' && pattern.test(secret)) return
  const message = `The secret of the hook for ${name} is not valid; expected: ${example}.`
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

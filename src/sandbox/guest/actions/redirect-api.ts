import { nowMs } from '../realm/clock.ts'
import { NativeError, NativeTypeError, parseJson, toJson } from '../../wire/primordials.ts'
import {
  type ActionRun,
  type Members,
  type CreateSetter,
  cloneData,
  hasWord,
  ensureObject,
  requireText,
} from './run.ts'

/** Protocols without a browser that could be redirected. */
const browserlessProtocols =
  'oauth2-resource-owner oauth2-resource-owner-jwt-bearer oauth2-password oauth2-refresh-token oauth2-access-token ' +
  'oauth2-token-exchange oauth2-webauthn wstrust-usernamemixed delegation'

/** `api.redirect`. The host signs and verifies the tokens. */
export function createRedirectApi(run: ActionRun, createSetter: CreateSetter): object {
  const { ops, login, ruleRun, request, resumePoint } = run

  function readOptions(
    value: unknown,
    member: string,
  ): { readonly secret: string; readonly [option: string]: unknown } {
    const options = (value ?? {}) as { readonly secret?: unknown }
    return { ...options, secret: requireText(options.secret, `${member}: the option secret`) }
  }

  return {
    canRedirect() {
      const query = ensureObject(request, 'query')
      return query['prompt'] !== 'none' && !hasWord(browserlessProtocols, run.protocol ?? '')
    },
    encodeToken(value: unknown) {
      const { secret, payload, expiresInSeconds } = readOptions(value, 'api.redirect.encodeToken')
      const defaultClaims = { sub: (login.user as Members)['user_id'], iss: request['hostname'], ip: request['ip'] }
      const claims = { ...defaultClaims, ...(cloneData(payload ?? {}, 'api.redirect.encodeToken') as object | null) }
      if (expiresInSeconds !== undefined && typeof expiresInSeconds !== 'number') {
        throw new NativeTypeError('api.redirect.encodeToken: the option expiresInSeconds must be a number')
      }
      return ops.ask('session-token.encode', toJson({ secret, claims, expiresInSeconds, nowMs: nowMs() }))
    },
    validateToken(value: unknown) {
      const { secret, tokenParameterName: name = 'session_token' } = readOptions(value, 'api.redirect.validateToken')
      const parameter = requireText(name, 'api.redirect.validateToken: the option tokenParameterName')
      const token = ensureObject(request, 'body')[parameter] ?? ensureObject(request, 'query')[parameter]
      if (typeof token !== 'string') throw new NativeError(`The request has no parameter ${parameter}`)
      return parseJson(
        ops.ask('session-token.decode', toJson({ secret, token, state: resumePoint?.state, nowMs: nowMs() })),
      )
    },
    sendUserTo: createSetter((url, options) => {
      const query = (options as { readonly query?: unknown } | undefined)?.query ?? {}
      const text = requireText(url, 'api.redirect.sendUserTo')
      const context = login.context as Record<string, unknown>
      context['redirect'] = { url: ops.ask('url.with-query', toJson({ url: text, query })) }
      ruleRun.suspendedBy = 'redirect'
    }),
  }
}

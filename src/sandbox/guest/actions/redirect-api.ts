import { nowMs } from '../realm/clock.ts'
import { NativeError, NativeTypeError, parseJson, toJson } from '../../wire/primordials.ts'
import { type ActionRun, type Members, type Setter, dataOf, isOneOf, partOf, textOf } from './run.ts'

/** Flows that have no browser to send anywhere. */
const withoutBrowser =
  'oauth2-resource-owner oauth2-resource-owner-jwt-bearer oauth2-password oauth2-refresh-token oauth2-access-token ' +
  'oauth2-token-exchange oauth2-webauthn wstrust-usernamemixed delegation'

/** `api.redirect`. Tokens are made and checked by the host. */
export function redirectApi(run: ActionRun, setter: Setter): object {
  const { ops, login, turn, request, flow } = run

  function optionsOf(value: unknown, member: string): { readonly secret: string; readonly [option: string]: unknown } {
    const options = (value ?? {}) as { readonly secret?: unknown }
    return { ...options, secret: textOf(options.secret, `${member}: the option secret`) }
  }

  return {
    canRedirect() {
      const query = partOf(request, 'query')
      return query['prompt'] !== 'none' && !isOneOf(withoutBrowser, run.protocol ?? '')
    },
    encodeToken(value: unknown) {
      const { secret, payload, expiresInSeconds } = optionsOf(value, 'api.redirect.encodeToken')
      const known = { sub: (login.user as Members)['user_id'], iss: request['hostname'], ip: request['ip'] }
      const claims = { ...known, ...(dataOf(payload ?? {}, 'api.redirect.encodeToken') as object | null) }
      if (expiresInSeconds !== undefined && typeof expiresInSeconds !== 'number') {
        throw new NativeTypeError('api.redirect.encodeToken: the option expiresInSeconds is a number')
      }
      return ops.ask('session-token.encode', toJson({ secret, claims, expiresInSeconds, nowMs: nowMs() }))
    },
    validateToken(value: unknown) {
      const { secret, tokenParameterName: name = 'session_token' } = optionsOf(value, 'api.redirect.validateToken')
      const parameter = textOf(name, 'api.redirect.validateToken: the option tokenParameterName')
      const token = partOf(request, 'body')[parameter] ?? partOf(request, 'query')[parameter]
      if (typeof token !== 'string') throw new NativeError(`The request has no parameter ${parameter}`)
      return parseJson(ops.ask('session-token.decode', toJson({ secret, token, state: flow?.state, nowMs: nowMs() })))
    },
    sendUserTo: setter((url, options) => {
      const query = (options as { readonly query?: unknown } | undefined)?.query ?? {}
      const text = textOf(url, 'api.redirect.sendUserTo')
      const context = login.context as Record<string, unknown>
      context['redirect'] = { url: ops.ask('url.with-query', toJson({ url: text, query })) }
      turn.suspends = 'redirect'
    }),
  }
}

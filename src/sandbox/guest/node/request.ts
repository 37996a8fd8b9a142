import { type Options, mergeOptions, readRequestParameters } from './request/options.ts'
import { Request } from './request/request.ts'

type Call = (uri: unknown, options?: unknown, callback?: unknown) => Request
type Requester = (options: Options, callback?: unknown) => unknown

const methodNames = { get: 'GET', head: 'HEAD', options: 'OPTIONS', post: 'POST', put: 'PUT', patch: 'PATCH' } as const

/** The package `request`, over the guarded network of the host. Bodies are in memory, not streamed. */
function createRequester(send: Requester, base: Options): Call & Record<string, unknown> {
  const call = (overrides: Options) =>
    ((uri: unknown, options?: unknown, callback?: unknown) => {
      if (uri === undefined) throw new Error('undefined is not a valid uri or options object.')
      const merged = mergeOptions(mergeOptions(base, readRequestParameters(uri, options, callback)), overrides)
      return send(merged, merged.callback)
    }) as Call
  const methods = Object.fromEntries(Object.entries(methodNames).map(([name, method]) => [name, call({ method })]))
  return Object.assign(call({}), methods, {
    del: call({ method: 'DELETE' }),
    delete: call({ method: 'DELETE' }),
    Request,
    defaults(optionsOrRequester: Options | Requester = {}, requester?: Requester) {
      const [options, custom] =
        typeof optionsOrRequester === 'function' ? [{}, optionsOrRequester] : [optionsOrRequester, requester]
      return createRequester(custom ?? send, mergeOptions(base, options))
    },
    forever: (_agent?: unknown, options: Options = {}) => createRequester(send, mergeOptions(base, options)),
  })
}

export const request = createRequester((options) => new Request(options), {})

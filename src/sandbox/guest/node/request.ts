import { type Options, mergeOptions, readParameters } from './request/options.ts'
import { Request } from './request/request.ts'

type Call = (uri: unknown, options?: unknown, callback?: unknown) => Request
type Requester = (options: Options, callback?: unknown) => unknown

const verbs = { get: 'GET', head: 'HEAD', options: 'OPTIONS', post: 'POST', put: 'PUT', patch: 'PATCH' } as const

/** `request`, of which every rule knows the name: over the host's guarded network, whole bodies at a time. */
function create(send: Requester, base: Options): Call & Record<string, unknown> {
  const call = (over: Options) =>
    ((uri: unknown, options?: unknown, callback?: unknown) => {
      if (uri === undefined) throw new Error('undefined is not a valid uri or options object.')
      const chosen = mergeOptions(mergeOptions(base, readParameters(uri, options, callback)), over)
      return send(chosen, chosen.callback)
    }) as Call
  const methods = Object.fromEntries(Object.entries(verbs).map(([name, method]) => [name, call({ method })]))
  return Object.assign(call({}), methods, {
    del: call({ method: 'DELETE' }),
    delete: call({ method: 'DELETE' }),
    Request,
    defaults(given: Options | Requester = {}, requester?: Requester) {
      const [options, custom] = typeof given === 'function' ? [{}, given] : [given, requester]
      return create(custom ?? send, mergeOptions(base, options))
    },
    forever: (_agent?: unknown, options: Options = {}) => create(send, mergeOptions(base, options)),
  })
}

export const request = create((options) => new Request(options), {})

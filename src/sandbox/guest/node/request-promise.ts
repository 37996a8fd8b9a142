import { request } from './request.ts'
import { type Callback, type Options, mergeOptions, readRequestParameters } from './request/options.ts'
import type { Request } from './request/request.ts'

interface PromiseOptions extends Options {
  readonly simple?: boolean
  readonly resolveWithFullResponse?: boolean
  readonly transform?: (body: unknown, response: Response, full: boolean) => unknown
}

interface Response {
  readonly statusCode: number
}

class RequestError extends Error {
  override readonly name: string = 'RequestError'
  override readonly cause: unknown
  readonly error: unknown
  readonly options: object

  constructor(cause: unknown, options: object) {
    super(String(cause))
    this.cause = cause
    this.error = cause
    this.options = options
  }
}

class StatusCodeError extends Error {
  override readonly name: string = 'StatusCodeError'
  readonly statusCode: number
  readonly error: unknown
  readonly options: object
  readonly response: Response

  constructor(response: Response, body: unknown, options: object) {
    super(`${response.statusCode} - ${JSON.stringify(body)}`)
    this.statusCode = response.statusCode
    this.error = body
    this.options = options
    this.response = response
  }
}

type RequestWithPromise = Request & Promise<unknown> & { promise(): Promise<unknown> }

function createRequestPromise(
  base: PromiseOptions,
): (uri: unknown, options?: unknown, callback?: Callback) => RequestWithPromise {
  const call =
    (overrides: PromiseOptions) =>
    (uri: unknown, options?: unknown, callback?: Callback): RequestWithPromise =>
      send(mergeOptions(mergeOptions(base, readRequestParameters(uri, options, callback)), overrides))
  const methodNames = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'] as const
  const methods = Object.fromEntries(methodNames.map((verb) => [verb, call({ method: verb.toUpperCase() })]))
  return Object.assign(call({}), methods, {
    del: call({ method: 'DELETE' }),
    defaults: (options: PromiseOptions) => createRequestPromise(mergeOptions(base, options)),
    errors: { RequestError, StatusCodeError },
  })
}

function send(options: PromiseOptions): RequestWithPromise {
  const { simple = true, resolveWithFullResponse = false, transform, callback } = options
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  function settle(error: unknown, rawResponse?: unknown, body?: unknown): void {
    const response = rawResponse as Response | undefined
    callback?.(error, response, body)
    if (response === undefined) reject(new RequestError(error, options))
    else if (simple && (response.statusCode < 200 || response.statusCode > 299)) {
      reject(new StatusCodeError(response, body, options))
    } else if (transform === undefined) resolve(resolveWithFullResponse ? response : body)
    else resolve(Promise.resolve(body).then((result) => transform(result, response, resolveWithFullResponse)))
  }
  const pendingRequest = request({ ...options, callback: settle })
  return Object.assign(pendingRequest, {
    // oxlint-disable-next-line unicorn/no-thenable -- a request that is a promise, too, is what the package is about
    then: promise.then.bind(promise),
    catch: promise.catch.bind(promise),
    finally: promise.finally.bind(promise),
    promise: () => promise,
  }) as unknown as RequestWithPromise
}

/** `request-promise` and `request-promise-native`. */
export const requestPromise = createRequestPromise({})

import { isDeepStrictEqual } from 'node:util'
import type { HostModules } from '../../engine/run/host-modules.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { Metadata, User } from '../../profile/user/user.ts'
import { ExactResponse, FetchFailure, type FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'
import { type HostShape, type HostShapes, hostCall } from '../../sandbox/wire/host-shape.ts'
import { decode } from '../../sandbox/wire/codec.ts'
import { type Body, type RecordedAnswer, type RecordedRequest, type Recording, bodyOf } from '../format/recording.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { withoutNumbers } from '../redaction/stand-ins.ts'
import { readValue, writeValue } from '../format/written-values.ts'

/** The world outside, as it answered a login when it was recorded. */
export interface RecordedAnswers {
  readonly fetch: FetchPort
  readonly users: UsersPort
  readonly modules: HostModules
  /** Calls one of the modules' functions. */
  call(path: readonly string[], args: readonly unknown[]): unknown
  /** What was asked this time, in order, as it was asked. */
  readonly asked: readonly Asked[]
  /** What was asked when the login was recorded, and not this time. */
  unasked(): Asked[]
}

export interface Asked {
  readonly kind: 'request' | 'call'
  /** `GET https://…`, or the function that was called. */
  readonly what: string
  readonly input?: unknown
  /** What was asked in its place when the login was recorded; undefined where the recording has no answer to it. */
  readonly recorded?: Asked
}

/** `live` is the recording as the rules see it, with stand-ins; `filed` as it stands in the file. */
export function recordedAnswers(live: Recording, filed: Recording, redactor: Redactor): RecordedAnswers {
  const asked: Asked[] = []
  const plain = <Value>(value: Value): Value =>
    JSON.parse(withoutNumbers(JSON.stringify(redactor.redact(value)))) as Value
  const requests = queue(
    filed.requests.map(({ method, url, body }) => ({ kind: 'request', what: `${method} ${url}`, ...inputOf(body) })),
  )
  const calls = queue(filed.calls.map(({ name, input }) => ({ kind: 'call', what: shownName(name), input })))

  async function fetch(request: Request): Promise<Response> {
    const bytes = Buffer.from(await request.arrayBuffer())
    const sent = inputOf(bytes.length === 0 ? undefined : bodyOf(bytes.toString('base64')))
    const what = `${request.method} ${request.url}`
    const taken = requests.take(plain(what), plain(sent.input ?? null))
    asked.push({ kind: 'request', what, ...sent, ...(taken && { recorded: taken.asked }) })
    const found = taken && live.requests[taken.at]
    if (found !== undefined) return responseOf(found)
    const message = `the recording has no answer to ${plain(what)}`
    throw new FetchFailure({ code: 'NOT_RECORDED', message })
  }

  function answerTo(name: string, input: unknown): RecordedAnswer | undefined {
    const what = shownName(name)
    const taken = calls.take(what, plain(input))
    asked.push({ kind: 'call', what, input, ...(taken && { recorded: taken.asked }) })
    return taken && live.calls[taken.at]
  }

  function call(path: readonly string[], args: readonly unknown[]): unknown {
    const name = `${hostCall}${path.join('\n')}`
    const found = answerTo(name, writeValue(args))
    if (found === undefined) throw new Error(`the recording has no answer to ${shownName(name)}`)
    if (found.error !== undefined) throw thrown(found.error)
    return readValue(found.answer)
  }

  /** A rule that saves something else than it did is answered as a store would: what it saves is to be seen, not to fail. */
  function update(kind: 'user_metadata' | 'app_metadata', name: string) {
    return async (id: string, data: Metadata): Promise<User> => {
      const found = answerTo(`users.${name}`, { id, data })
      if (found?.error !== undefined) throw thrown(found.error)
      return (found?.answer ?? { ...live.user, [kind]: { ...(live.user[kind] as Metadata), ...data } }) as User
    }
  }

  const { domain, baseUrl, accessToken } = live.auth0 as Partial<Record<string, string>>
  return {
    fetch,
    users: {
      ...(domain === undefined ? {} : { domain }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(accessToken === undefined ? {} : { accessToken: async () => accessToken }),
      updateUserMetadata: update('user_metadata', 'updateUserMetadata'),
      updateAppMetadata: update('app_metadata', 'updateAppMetadata'),
    },
    modules: modulesOf(live.modules, call),
    call,
    asked,
    unasked: () => [...requests.left(), ...calls.left()],
  }
}

const inputOf = (body: Body | undefined): { readonly input?: Body } => (body === undefined ? {} : { input: body })

interface Taken {
  readonly at: number
  readonly asked: Asked
}

interface Queue {
  take(what: string, input: unknown): Taken | undefined
  left(): Asked[]
}

/** Recorded questions, each to be answered once: the next that is the same, else the next of the same name. */
function queue(recorded: readonly Asked[]): Queue {
  const open = recorded.map((asked, at) => ({
    at,
    asked,
    what: withoutNumbers(asked.what),
    input: JSON.parse(withoutNumbers(JSON.stringify(asked.input ?? null))) as unknown,
  }))
  return {
    take(what, input) {
      const ofName = open.filter((one) => one.what === what)
      const taken = ofName.find((one) => isDeepStrictEqual(one.input, input)) ?? ofName[0]
      if (taken !== undefined) open.splice(open.indexOf(taken), 1)
      return taken
    },
    left: () => open.map(({ asked }) => asked),
  }
}

function responseOf({ answer, failure }: RecordedRequest): Response | Promise<Response> {
  if (failure !== undefined) throw new FetchFailure(failure)
  // The login had ended before an answer came: none comes this time either.
  if (answer === undefined) return new Promise(() => undefined)
  const { status, statusText, headers, body } = answer
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
  const isEmpty = [101, 204, 205, 304].includes(status)
  return new ExactResponse(isEmpty ? null : bytes, { status, statusText, exactHeaders: headers })
}

function thrown({ name, message, code }: NonNullable<RecordedAnswer['error']>): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) })
}

type Answer = (path: readonly string[], args: readonly unknown[]) => unknown

/** Modules of these shapes, whose functions are all answered in one place. */
export function modulesOf(shapes: HostShapes, answer: Answer): HostModules {
  const memberOf = (shape: HostShape, path: readonly string[]): unknown => {
    if ('call' in shape) return (...args: unknown[]) => answer(path, args)
    if ('data' in shape) return decode(shape.data)
    return Object.fromEntries(
      Object.entries(shape.members).map(([name, one]) => [name, memberOf(one, [...path, name])]),
    )
  }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, memberOf(shape, [name])]),
  ) as HostModules
}

/** A call's name for people. */
function shownName(name: string): string {
  return name.startsWith(hostCall) ? name.slice(hostCall.length).replaceAll('\n', '.') : `auth0.${name}`
}

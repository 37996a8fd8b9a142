import { isDeepStrictEqual } from 'node:util'
import type { HostModules } from '../../engine/ports/host-modules.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { Metadata, User } from '../../profile/user/user.ts'
import { FetchFailure, type FetchPort, setExactHeaders } from '../../sandbox/net/host/embedder-fetch.ts'
import { type HostShape, type HostShapes, hostCallPrefix } from '../../sandbox/wire/host-shape.ts'
import { decode } from '../../sandbox/wire/codec.ts'
import type { RecordedAnswer, RecordedBody, RecordedRequest, Recording } from '../format/recording.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { stripNumbers } from '../redaction/placeholder-values.ts'
import { readValue, toBytes, toRecordedBody, writeValue } from '../format/encoded-values.ts'

/** The answers that a login got when it was recorded. */
export interface RecordedAnswers {
  readonly fetch: FetchPort
  readonly users: UsersPort
  readonly modules: HostModules
  /** Calls a function of a module. */
  call(path: readonly string[], args: readonly unknown[]): unknown
  /** Requests and calls of the replay, in order. */
  readonly interactions: readonly Interaction[]
  /** Lists recorded requests and calls that the replay did not make. */
  listUnused(): Interaction[]
}

export interface Interaction {
  readonly kind: 'request' | 'call'
  /** `GET https://…`, or the function that was called. */
  readonly target: string
  readonly input?: unknown
  /** The recorded interaction that it was answered from; undefined if the recording has no answer. */
  readonly match?: Interaction
}

/** `filledRecording` has values instead of placeholders: rules see it. `recording` is as in the file: requests are matched with it. */
export function createRecordedAnswers(
  filledRecording: Recording,
  recording: Recording,
  redactor: Redactor,
): RecordedAnswers {
  const interactions: Interaction[] = []
  const normalize = <Value>(value: Value): Value =>
    JSON.parse(stripNumbers(JSON.stringify(redactor.redact(value)))) as Value
  const requests = createQueue(
    recording.requests.map(({ method, url, body }) => ({
      kind: 'request',
      target: `${method} ${url}`,
      ...toInput(body),
    })),
  )
  const calls = createQueue(
    recording.calls.map(({ name, input }) => ({ kind: 'call', target: formatCallName(name), input })),
  )

  async function fetch(request: Request): Promise<Response> {
    const bytes = Buffer.from(await request.arrayBuffer())
    const requestInput = toInput(bytes.length === 0 ? undefined : toRecordedBody(bytes.toString('base64')))
    const target = `${request.method} ${request.url}`
    const match = requests.take(normalize(target), normalize(requestInput.input ?? null))
    interactions.push({ kind: 'request', target, ...requestInput, ...(match && { match: match.interaction }) })
    const recordedRequest = match && filledRecording.requests[match.index]
    if (recordedRequest !== undefined) return toResponse(recordedRequest)
    const message = `the recording has no answer to ${normalize(target)}`
    throw new FetchFailure({ code: 'NOT_RECORDED', message })
  }

  function takeAnswer(name: string, input: unknown): RecordedAnswer | undefined {
    const target = formatCallName(name)
    const match = calls.take(target, normalize(input))
    interactions.push({ kind: 'call', target, input, ...(match && { match: match.interaction }) })
    return match && filledRecording.calls[match.index]
  }

  function call(path: readonly string[], args: readonly unknown[]): unknown {
    const name = `${hostCallPrefix}${path.join('\n')}`
    const recordedAnswer = takeAnswer(name, writeValue(args))
    if (recordedAnswer === undefined) throw new Error(`the recording has no answer to ${formatCallName(name)}`)
    if (recordedAnswer.error !== undefined) throw toError(recordedAnswer.error)
    return readValue(recordedAnswer.answer)
  }

  /** An update that is not recorded succeeds as in a store, so that it is a difference and not an error. */
  function update(kind: 'user_metadata' | 'app_metadata', name: string) {
    return async (id: string, data: Metadata): Promise<User> => {
      const recordedAnswer = takeAnswer(`users.${name}`, { id, data })
      if (recordedAnswer?.error !== undefined) throw toError(recordedAnswer.error)
      return (recordedAnswer?.answer ?? {
        ...filledRecording.user,
        [kind]: { ...(filledRecording.user[kind] as Metadata), ...data },
      }) as User
    }
  }

  const { domain, baseUrl, accessToken } = filledRecording.auth0 as Partial<Record<string, string>>
  return {
    fetch,
    users: {
      ...(domain === undefined ? {} : { domain }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(accessToken === undefined ? {} : { accessToken: async () => accessToken }),
      updateUserMetadata: update('user_metadata', 'updateUserMetadata'),
      updateAppMetadata: update('app_metadata', 'updateAppMetadata'),
    },
    modules: buildReplayModules(filledRecording.modules, call),
    call,
    interactions,
    listUnused: () => [...requests.listRemaining(), ...calls.listRemaining()],
  }
}

const toInput = (body: RecordedBody | undefined): { readonly input?: RecordedBody } =>
  body === undefined ? {} : { input: body }

interface Match {
  readonly index: number
  readonly interaction: Interaction
}

interface Queue {
  take(target: string, input: unknown): Match | undefined
  listRemaining(): Interaction[]
}

/** Recorded interactions, each matched once: the next with the same input, or else the next with the same target. */
function createQueue(interactions: readonly Interaction[]): Queue {
  const remaining = interactions.map((interaction, index) => ({
    index,
    interaction,
    target: stripNumbers(interaction.target),
    input: JSON.parse(stripNumbers(JSON.stringify(interaction.input ?? null))) as unknown,
  }))
  return {
    take(target, input) {
      const candidates = remaining.filter((one) => one.target === target)
      const match = candidates.find((one) => isDeepStrictEqual(one.input, input)) ?? candidates[0]
      if (match !== undefined) remaining.splice(remaining.indexOf(match), 1)
      return match
    },
    listRemaining: () => remaining.map(({ interaction }) => interaction),
  }
}

function toResponse({ answer, failure }: RecordedRequest): Response | Promise<Response> {
  if (failure !== undefined) throw new FetchFailure(failure)
  // The login ended before an answer came, so none comes in the replay.
  if (answer === undefined) return new Promise(() => undefined)
  const { status, statusText, headers, body } = answer
  const isEmpty = [101, 204, 205, 304].includes(status)
  return setExactHeaders(new Response(isEmpty ? null : toBytes(body), { status, statusText }), headers)
}

function toError({ name, message, code }: NonNullable<RecordedAnswer['error']>): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) })
}

type CallHandler = (path: readonly string[], args: readonly unknown[]) => unknown

/** Builds host modules of these shapes; `callHandler` answers every function. */
export function buildReplayModules(shapes: HostShapes, callHandler: CallHandler): HostModules {
  const buildMember = (shape: HostShape, path: readonly string[]): unknown => {
    if ('call' in shape) return (...args: unknown[]) => callHandler(path, args)
    if ('data' in shape) return decode(shape.data)
    return Object.fromEntries(
      Object.entries(shape.members).map(([name, one]) => [name, buildMember(one, [...path, name])]),
    )
  }
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, buildMember(shape, [name])]),
  ) as HostModules
}

/** Formats the name of a call as rules write it. */
function formatCallName(name: string): string {
  return name.startsWith(hostCallPrefix) ? name.slice(hostCallPrefix.length).replaceAll('\n', '.') : `auth0.${name}`
}

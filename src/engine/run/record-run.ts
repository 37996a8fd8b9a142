import { randomBytes } from 'node:crypto'
import type { Metadata } from '../../profile/user/user.ts'
import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import type { RunOverrides } from '../../sandbox/wire/run-overrides.ts'
import { type HttpExchange, parseExchangeUpdate } from '../../sandbox/wire/http-exchange.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { RecordPort, RecordedCall, RecordedRun } from '../ports/record-port.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Records one login. */
export interface RunRecorder {
  /** What the login gets so that it can be replayed: a known time and a known seed. */
  readonly overrides: RunOverrides | undefined
  readonly onExchange: RunRequest['onExchange']
  /** Wraps `inner`, and records its calls. */
  answer(inner: RunRequest['answer']): RunRequest['answer']
  users(inner: UsersPort): UsersPort
  /** Passes the recording on. */
  end(result: RunResult, outcome: Outcome): Promise<void> | undefined
}

export interface RunRecorderInput {
  readonly ruleset: Ruleset
  readonly program: Program
  readonly modules: HostShapes
  readonly login: string
  readonly resumePoint: RecordedRun['resumePoint']
  /** What the caller asked for. */
  readonly overrides: RunOverrides | undefined
  readonly atMs: number
}

/** 256 bits: the randomness of a recorded login must not be predictable either. */
const seedBytes = 32

export function recordRun(record: RecordPort | undefined, recorderInput: RunRecorderInput): RunRecorder {
  if (record === undefined) return createPassThroughRecorder(recorderInput.overrides)
  const { ruleset, program, modules, login, resumePoint, atMs } = recorderInput
  const clock = recorderInput.overrides?.clock ?? { startMs: atMs, moves: true }
  const seed = recorderInput.overrides?.seed ?? randomBytes(seedBytes).toString('base64url')
  const exchanges = new Map<number, HttpExchange>()
  const calls: RecordedCall[] = []
  let tenant: RecordedRun['tenant'] = {}

  function addExchange(text: string): void {
    const part = parseExchangeUpdate(text)
    if (part === undefined) return
    const { number, message, ...end } = part
    const exchange = exchanges.get(number) ?? (message && { message })
    if (exchange !== undefined) exchanges.set(number, { ...exchange, ...end })
  }

  /** Calls are recorded in the order of their beginnings. */
  async function recordCall(name: string, input: string, call: () => PromiseLike<string>): Promise<string> {
    const index = calls.push({ name, input }) - 1
    try {
      const answer = await call()
      calls[index] = { name, input, answer }
      return answer
    } catch (error) {
      calls[index] = { name, input, error: toRecordedError(error) }
      throw error
    }
  }

  return {
    overrides: { ...recorderInput.overrides, clock, seed, isRecorded: true },
    onExchange: addExchange,
    answer: (inner) => (name, body) =>
      name === 'fetch' || name.startsWith('users.')
        ? inner(name, body)
        : recordCall(name, body, () => inner(name, body)),
    users(inner) {
      const wrapUpdate = (name: 'updateUserMetadata' | 'updateAppMetadata'): object => {
        const update = inner[name]?.bind(inner)
        if (update === undefined) return {}
        return {
          [name]: async (id: string, data: Metadata) => {
            const input = JSON.stringify({ id, data })
            const text = await recordCall(`users.${name}`, input, async () =>
              JSON.stringify((await update(id, data)) ?? {}),
            )
            return JSON.parse(text) as unknown
          },
        }
      }
      const { domain, baseUrl } = inner
      tenant = { domain, baseUrl }
      return {
        ...(domain === undefined ? {} : { domain }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(inner.accessToken && {
          async accessToken() {
            const accessToken = (await inner.accessToken?.()) ?? ''
            tenant = { domain, baseUrl, accessToken }
            return accessToken
          },
        }),
        ...wrapUpdate('updateUserMetadata'),
        ...wrapUpdate('updateAppMetadata'),
      }
    },
    async end({ readings, shared = {} }, outcome) {
      const { realm, configuration, trigger } = program
      const { startMs } = clock
      try {
        await record({
          atMs,
          trigger,
          rules: ruleset.rules.map(({ name, kind, script, filename, onError, secrets }) => ({
            name,
            kind,
            script,
            filename,
            onError,
            secrets,
          })),
          realm,
          ...(ruleset.folder === undefined ? {} : { folder: ruleset.folder }),
          configuration,
          modules,
          login,
          ...(resumePoint === undefined ? {} : { resumePoint }),
          tenant,
          clock: readings === undefined ? clock : { startMs, readings },
          seed,
          global: shared,
          exchanges: [...exchanges.values()],
          calls,
          outcome,
        })
      } catch (error) {
        process.emitWarning(`a login could not be recorded: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
  }
}

/** Used if there is no `record` option. */
function createPassThroughRecorder(overrides: RunOverrides | undefined): RunRecorder {
  return {
    overrides,
    onExchange: undefined,
    answer: (inner) => inner,
    users: (inner) => inner,
    end: () => undefined,
  }
}

function toRecordedError(error: unknown): NonNullable<RecordedCall['error']> {
  if (!(error instanceof Error)) return { name: 'Error', message: 'the call failed' }
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}) }
}

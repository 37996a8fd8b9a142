import { randomBytes } from 'node:crypto'
import type { LoadedRule, Ruleset } from '../../rules/ruleset/ruleset.ts'
import type { RunOverrides } from '../../sandbox/wire/run-overrides.ts'
import { type HttpExchange, parseExchangeUpdate } from '../../sandbox/wire/http-exchange.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { RecordPort, RecordedRule, RecordedRun } from '../ports/record-port.ts'
import type { UsersPort } from '../ports/users-port.ts'
import { createCallRecorder } from './call-recorder.ts'

/** Records one login. */
export interface RunRecorder {
  /** What the login gets so that it can be replayed: a known time and a known seed. */
  readonly overrides: RunOverrides | undefined
  readonly onExchange: RunRequest['onExchange']
  /** Wraps `inner`, and records its calls. */
  answer(inner: RunRequest['answer']): RunRequest['answer']
  users(inner: UsersPort): UsersPort
  /** Passes the recording to the option `record`. */
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
  const callRecorder = createCallRecorder()

  function addExchange(text: string): void {
    const part = parseExchangeUpdate(text)
    if (part === undefined) return
    const { number, message, ...end } = part
    const exchange = exchanges.get(number) ?? (message && { message })
    if (exchange !== undefined) exchanges.set(number, { ...exchange, ...end })
  }

  return {
    overrides: { ...recorderInput.overrides, clock, seed, isRecorded: true },
    onExchange: addExchange,
    answer: callRecorder.answer,
    users: callRecorder.users,
    async end({ readings, shared = {} }, outcome) {
      const { realm, configuration, trigger } = program
      const { tenant, calls } = callRecorder
      try {
        await record({
          atMs,
          trigger,
          rules: ruleset.rules.map(toRecordedRule),
          realm,
          ...(ruleset.folder === undefined ? {} : { folder: ruleset.folder }),
          configuration,
          modules,
          login,
          ...(resumePoint === undefined ? {} : { resumePoint }),
          tenant,
          clock: readings === undefined ? clock : { startMs: clock.startMs, readings },
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

function toRecordedRule({ name, kind, script, filename, onError, secrets }: LoadedRule): RecordedRule {
  return { name, kind, script, filename, onError, secrets }
}

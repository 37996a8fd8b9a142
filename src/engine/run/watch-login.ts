import { randomBytes } from 'node:crypto'
import type { Metadata } from '../../profile/user/user.ts'
import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import type { Conditions } from '../../sandbox/wire/conditions.ts'
import { type Exchange, readTold } from '../../sandbox/wire/exchange.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { PoolJob } from '../../sandbox/host/pool.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { RecordPort, RecordedCall, RecordedRun } from './recorded-run.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Watches one login, so that it can be recorded. */
export interface Watch {
  /** What the login must find so that it can be run again, and who hears of its messages. */
  readonly terms: Pick<PoolJob, 'conditions' | 'onExchange'>
  /** The same, seen by the watch. */
  answer(inner: PoolJob['answer']): PoolJob['answer']
  users(inner: UsersPort): UsersPort
  /** Hands the recording over. */
  end(result: RunResult, outcome: Outcome): Promise<void> | undefined
}

export interface WatchedLogin {
  readonly ruleset: Ruleset
  readonly program: Program
  readonly modules: HostShapes
  readonly login: string
  readonly flow: RecordedRun['flow']
  /** What it was to find anyway. */
  readonly conditions: Conditions | undefined
  readonly atMs: number
}

/** A login that nobody may foretell gets a seed of as many bits. */
const seedBytes = 32

export function watchLogin(record: RecordPort | undefined, watched: WatchedLogin): Watch {
  if (record === undefined) return unwatched(watched.conditions)
  const { ruleset, program, modules, login, flow, atMs } = watched
  const clock = watched.conditions?.clock ?? { startMs: atMs, moves: true }
  const seed = watched.conditions?.seed ?? randomBytes(seedBytes).toString('base64url')
  const exchanges = new Map<number, Exchange>()
  const calls: RecordedCall[] = []
  let facts: RecordedRun['facts'] = {}

  function hear(text: string): void {
    const told = readTold(text)
    if (told === undefined) return
    const { number, message, ...end } = told
    const known = exchanges.get(number) ?? (message && { message })
    if (known !== undefined) exchanges.set(number, { ...known, ...end })
  }

  /** A call's place in the recording is that of its beginning. */
  async function see(name: string, input: string, call: () => PromiseLike<string>): Promise<string> {
    const at = calls.push({ name, input }) - 1
    try {
      const answer = await call()
      calls[at] = { name, input, answer }
      return answer
    } catch (error) {
      calls[at] = { name, input, error: failureOf(error) }
      throw error
    }
  }

  return {
    terms: { conditions: { ...watched.conditions, clock, seed, tells: true }, onExchange: hear },
    answer: (inner) => (name, body) =>
      name === 'fetch' || name.startsWith('users.') ? inner(name, body) : see(name, body, () => inner(name, body)),
    users(inner) {
      const seen = (name: 'updateUserMetadata' | 'updateAppMetadata'): object => {
        const update = inner[name]?.bind(inner)
        if (update === undefined) return {}
        return {
          [name]: async (id: string, data: Metadata) => {
            const input = JSON.stringify({ id, data })
            const text = await see(`users.${name}`, input, async () => JSON.stringify((await update(id, data)) ?? {}))
            return JSON.parse(text) as unknown
          },
        }
      }
      const { domain, baseUrl } = inner
      facts = { domain, baseUrl }
      return {
        ...(domain === undefined ? {} : { domain }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(inner.accessToken && {
          async accessToken() {
            const accessToken = (await inner.accessToken?.()) ?? ''
            facts = { domain, baseUrl, accessToken }
            return accessToken
          },
        }),
        ...seen('updateUserMetadata'),
        ...seen('updateAppMetadata'),
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
          ...(flow === undefined ? {} : { flow }),
          facts,
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

/** Nobody wants a recording. */
function unwatched(conditions: Conditions | undefined): Watch {
  return {
    terms: conditions === undefined ? {} : { conditions },
    answer: (inner) => inner,
    users: (inner) => inner,
    end: () => undefined,
  }
}

function failureOf(error: unknown): NonNullable<RecordedCall['error']> {
  if (!(error instanceof Error)) return { name: 'Error', message: 'the call failed' }
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}) }
}

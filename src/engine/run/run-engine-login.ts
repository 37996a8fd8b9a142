import { answerRequest } from '../../sandbox/net/host/embedder-fetch.ts'
import { type HostShapes, hostCallPrefix } from '../../sandbox/wire/host-shape.ts'
import type { Pool } from '../../sandbox/host/pool.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import type { EngineLimits } from '../options/engine-limits.ts'
import type { EngineOptions } from '../options/engine-options.ts'
import { type RunOptions, buildRunOverrides } from '../options/run-options.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { HostModules } from '../ports/host-modules.ts'
import type { UsersPort } from '../ports/users-port.ts'
import type { SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import { resolvePorts } from './dry-run.ts'
import { type UserAndContext, encodeLogin } from './encode-login.ts'
import { answerModule } from './host-modules.ts'
import { recordRun } from './record-run.ts'
import { type CompletedLogin, runLogin } from './run-login.ts'
import { suspendLogin } from './suspend.ts'

/** What all logins of one engine share. */
export interface RunEnvironment extends Pick<EngineOptions, 'users' | 'network' | 'record'> {
  readonly pool: Pool
  readonly limits: EngineLimits
  readonly modules: HostModules
  readonly hostShapes: HostShapes
  readonly suspendedLogins: SuspendedLoginStore
  readonly clock: () => number
  /** `engine.close` waits for this promise. */
  readonly track: (pending: Promise<void>) => Promise<void>
}

export interface EngineLogin extends UserAndContext {
  readonly ruleset: Ruleset
  readonly program: Program
  readonly options: RunOptions
  /** Kept with the login if it is suspended. */
  readonly metadata: unknown
}

/**
 * Runs one login of an engine, from user and context to the outcome. It encodes the login, runs its rules, suspends the login
 * if they send the user elsewhere, and passes its recording on.
 */
export async function runEngineLogin(environment: RunEnvironment, login: EngineLogin): Promise<Outcome> {
  const { pool, limits, modules, clock } = environment
  const { ruleset, program, user, context, options } = login
  const { resumePoint, dry = false, wallMs = limits.wallPerLoginMs } = options
  const before = { user, context }
  const encoded = encodeLogin(before, limits)
  const recorder = recordRun(dry ? undefined : environment.record, {
    ruleset,
    program,
    modules: environment.hostShapes,
    login: encoded.text,
    resumePoint,
    overrides: buildRunOverrides(options, limits),
    atMs: clock(),
  })
  const ports = resolvePorts({ users: environment.users ?? {}, modules }, user, options)
  const users = recorder.users(ports.users)
  const tenant = await serializeTenantInfo(users, program.rules.slice(resumePoint?.ruleIndex ?? 0))
  const { promise, resolve, reject } = Promise.withResolvers<CompletedLogin>()
  runLogin(
    pool,
    {
      program,
      before,
      encoded,
      input: { tenant, resumePoint, overrides: recorder.overrides, wallMs: Math.min(wallMs, limits.wallPerLoginMs) },
      users,
      answer: recorder.answer(createAnswer(environment, ports.modules)),
      onExchange: recorder.onExchange,
    },
    resolve,
    reject,
  )
  const completed = await promise
  const outcome = dry ? completed.outcome : await suspendLogin(environment, { ...login, before, encoded }, completed)
  const recording = recorder.end(completed.result, outcome)
  if (recording !== undefined) void environment.track(recording)
  return outcome
}

/** Answers the requests of rules, if the embedder makes them, and calls of its modules. */
function createAnswer({ network }: RunEnvironment, modules: HostModules): RunRequest['answer'] {
  return (name, body) => {
    if (name === 'fetch' && network?.fetch !== undefined) return answerRequest(network.fetch, body)
    if (name.startsWith(hostCallPrefix)) return answerModule(modules, name, body)
    return Promise.reject(new Error(`${name} is not offered here`))
  }
}

/** Matches a rule that names `auth0.accessToken`, or passes `auth0` itself on. */
const tokenPattern = /accessToken|\bauth0\b(?![.'"`@|/-])/

const tokenReadersByRule = new WeakMap<Program['rules'][number], boolean>()

function canReadToken(rule: Program['rules'][number]): boolean {
  const cached = tokenReadersByRule.get(rule)
  if (cached !== undefined) return cached
  const isReader = rule.kind === 'rule' && tokenPattern.test(rule.expression)
  tokenReadersByRule.set(rule, isReader)
  return isReader
}

/** Serializes what `auth0` shows of the tenant to these rules. */
async function serializeTenantInfo(users: UsersPort, rules: Program['rules']): Promise<string> {
  const { domain } = users
  const isTokenNeeded = rules.some(canReadToken)
  const baseUrl = users.baseUrl ?? (domain === undefined ? undefined : `https://${domain}/api/v2`)
  const accessToken = isTokenNeeded ? await users.accessToken?.() : undefined
  return JSON.stringify({ domain, baseUrl, accessToken })
}

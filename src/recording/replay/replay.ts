import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type Engine, createEngine } from '../../engine/engine.ts'
import type { EngineOptions } from '../../engine/options/engine-options.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RecordedRule } from '../../engine/run/recorded-run.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { type Difference, comparable, differences } from './differences.ts'
import { type GivenSecrets, type Revived, revive } from './load-recording.ts'
import { readRecordedRules, readRecording } from '../format/read-recording.ts'
import { type Asked, type RecordedAnswers, modulesOf } from './recorded-answers.ts'
import type { Recording } from '../format/recording.ts'
import type { Redactor } from '../redaction/redactor.ts'

export interface ReplayOptions extends GivenSecrets {
  /** A folder or a file; by default the rules that each recording was made with. */
  readonly rules?: string
  /** Where `require` looks for packages after the rules' own folder. */
  readonly modulesFolder?: string
}

/** A recorded login, run again. */
export interface Replay {
  readonly file: string
  readonly user: string
  /** Both without secrets, durations and states. */
  readonly recorded: Outcome
  readonly replayed: Outcome
  readonly differences: readonly Difference[]
  /** What rules asked for this time that the recording has no answer to: `GET https://…`, `auth0.users.updateAppMetadata`. */
  readonly unrecorded: readonly string[]
}

/** Runs recordings again, one after another. Nothing is asked of anybody, and nothing is saved. */
export interface Replayer {
  /** @throws {ClaimsmithError} INVALID_RECORDING; RULE_SYNTAX or INVALID_RULESET where the rules cannot be run */
  replay(file: string): Promise<Replay>
  close(): Promise<void>
}

export function createReplayer(options: ReplayOptions = {}): Replayer {
  let current: { readonly key: string; readonly engine: Engine } | undefined
  let answers: RecordedAnswers | undefined

  /** Recordings of one ruleset and one configuration share an engine, which asks for answers wherever it is at. */
  async function engineFor(file: string, recording: Recording, revived: Revived): Promise<Engine> {
    const { rules = recording.rules.hash, modulesFolder } = options
    const { configuration } = revived.live
    const key = JSON.stringify([rules, configuration, recording.modules, recording.realm])
    if (current?.key === key) return current.engine
    await current?.engine.close()
    const recorded = options.rules === undefined ? revived.fill(readRecordedRules(file, recording)) : undefined
    const folder = modulesFolder ?? findRecordedFolder(recorded)
    const engine = createEngine({
      rules: options.rules ?? recorded?.rules.map(ruleInput) ?? [],
      configuration,
      realm: recording.realm,
      ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
      ...(folder === undefined ? {} : { modulesFolder: folder }),
      modules: modulesOf(revived.fill(recording.modules), (path, args) => answers?.call(path, args)),
      users: usersOf(() => answers?.users ?? {}),
      network: { fetch: (request) => answers?.fetch(request) ?? Response.error() },
      limits: { workers: 1, maxSourceBytes: 1_000_000 },
    } satisfies EngineOptions)
    current = { key, engine }
    return engine
  }

  return {
    async replay(file) {
      const recording = readRecording(file)
      if (options.rules === undefined) assertNoConnections(file, recording)
      const revived = revive(recording, options)
      const { live, redactor } = revived
      const engine = await engineFor(file, recording, revived)
      ;({ answers } = revived)
      const { user, context, clock, seed, global, flow } = live
      const manner = { clock, seed, global, ...(flow && { flow: placed(flow, options.rules) }) }
      const outcome = await (recording.trigger === 'post-login'
        ? engine.run({ user, context }, manner)
        : engine.exchangeCredentials({ context }, manner))
      redactor.learn(outcome)
      const replayed = comparable(redactor.redact(JSON.parse(JSON.stringify(outcome)) as Outcome))
      const recorded = comparable(recording.outcome)
      return {
        file,
        user: shownUser(recording),
        recorded,
        replayed,
        differences: [...differences(recorded, replayed), ...askedOtherwise(revived.answers, redactor)],
        unrecorded: revived.answers.asked
          .filter((one) => one.recorded === undefined)
          .map(({ what }) => redactor.text(what)),
      }
    },
    close: async () => current?.engine.close(),
  }
}

/** What was said over a connection is nowhere, so the same rules cannot come to the same end. */
function assertNoConnections(file: string, { outcome }: Recording): void {
  const made = outcome.rules.flatMap(({ requests }) => requests).find(({ method }) => method === 'CONNECT')
  if (made === undefined) return
  throw new ClaimsmithError(
    'INVALID_RECORDING',
    `${file}: the rules spoke to ${made.url} over a connection of their own, and no recording holds what was said; what they ask a host module is recorded`,
  )
}

function ruleInput({ name, script, filename, onError, secrets }: RecordedRule, order: number): RuleInput {
  return { name, script, filename, onError, secrets: { ...secrets }, order }
}

/** What stands behind `auth0` changes from recording to recording. */
function usersOf(users: () => UsersPort): UsersPort {
  const names = ['domain', 'baseUrl', 'accessToken', 'updateUserMetadata', 'updateAppMetadata'] as const
  const port = {}
  for (const name of names) Object.defineProperty(port, name, { get: () => users()[name], enumerable: true })
  return port
}

/** An action that goes on may stand elsewhere among other rules. */
function placed<Flow extends NonNullable<Revived['live']['flow']>>(flow: Flow, rules: string | undefined): Flow {
  if (rules === undefined || flow.continues === undefined) return flow
  const names = loadRuleset({ rules }).rules.filter(({ triggers }) => triggers.includes('post-login'))
  const first = names.findIndex(({ kind, name }) => kind === 'action' && name === flow.continues)
  return first < 0 ? flow : { ...flow, first }
}

/** Other bodies of the same requests, and other calls: an outcome does not tell them. */
function askedOtherwise({ asked, unasked }: RecordedAnswers, redactor: Redactor): Difference[] {
  const seen = asked.map(({ recorded, ...one }) => ({ one: comparableAsked(redactor.redact(one)), recorded }))
  const changed = seen.flatMap(({ one, recorded }): Difference[] => {
    const path = pathOf(one)
    if (recorded === undefined) return one.kind === 'call' ? [{ path, kind: 'added', after: one.input }] : []
    const before = comparableAsked(recorded)
    const isSame = JSON.stringify(before.input) === JSON.stringify(one.input)
    return isSame ? [] : [{ path, kind: 'changed', before: before.input, after: one.input }]
  })
  const missing = unasked()
    .filter(({ kind }) => kind === 'call')
    .map((one): Difference => ({ path: pathOf(one), kind: 'removed', before: one.input }))
  return [...changed, ...missing]
}

const pathOf = ({ kind, what }: Asked): string => `/${kind}s/${what.replaceAll('~', '~0').replaceAll('/', '~1')}`

function comparableAsked(asked: Asked): Asked {
  return JSON.parse(JSON.stringify(asked).replaceAll(/(\[redacted:[^\]]+?)-\d+\]/g, '$1]')) as Asked
}

function shownUser({ user }: Recording): string {
  const { email, user_id: id } = user
  return [email, id].find((one) => typeof one === 'string') ?? 'nobody'
}

/** The folder of recorded rules, if it is on this machine: they may have been recorded elsewhere. */
function findRecordedFolder(recorded: { readonly folder?: string } | undefined): string | undefined {
  return recorded?.folder !== undefined && isFolder(recorded.folder) ? recorded.folder : undefined
}

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createEngine } from '../../engine/engine.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { EngineOptions } from '../../engine/options/engine-options.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RecordedRule } from '../../engine/run/recorded-run.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { type Difference, normalizeOutcome, diffOutcomes } from './diff-outcomes.ts'
import type { RecordingSecrets } from './loaded-recording.ts'
import { type RevivedRecording, reviveRecording } from './revive-recording.ts'
import { readRecordedRules, readRecording } from '../format/read-recording.ts'
import { type Interaction, type RecordedAnswers, buildReplayModules } from './recorded-answers.ts'
import type { Recording } from '../format/recording.ts'
import type { Redactor } from '../redaction/redactor.ts'

export interface ReplayOptions extends RecordingSecrets {
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
  async function openEngine(file: string, recording: Recording, revived: RevivedRecording): Promise<Engine> {
    const { rules = recording.rules.hash, modulesFolder } = options
    const { configuration } = revived.input
    const key = JSON.stringify([rules, configuration, recording.modules, recording.realm])
    if (current?.key === key) return current.engine
    await current?.engine.close()
    const recordedRules = options.rules === undefined ? revived.fill(readRecordedRules(file, recording)) : undefined
    const folder = modulesFolder ?? findRecordedFolder(recordedRules)
    const engine = createEngine({
      rules: options.rules ?? recordedRules?.rules.map(toRuleInput) ?? [],
      configuration,
      realm: recording.realm,
      ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
      ...(folder === undefined ? {} : { modulesFolder: folder }),
      modules: buildReplayModules(revived.fill(recording.modules), (path, args) => answers?.call(path, args)),
      users: createUsersProxy(() => answers?.users ?? {}),
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
      const revived = reviveRecording(recording, options)
      const { input, redactor } = revived
      const engine = await openEngine(file, recording, revived)
      ;({ answers } = revived)
      const { user, context, clock, seed, global, resumePoint } = input
      const runOptions = {
        time: clock,
        seed,
        global,
        ...(resumePoint && { resumePoint: relocateResumePoint(resumePoint, options.rules) }),
      }
      const outcome = await (recording.trigger === 'post-login'
        ? engine.run({ user, context }, runOptions)
        : engine.exchangeCredentials({ context }, runOptions))
      redactor.learn(outcome)
      const replayed = normalizeOutcome(redactor.redact(JSON.parse(JSON.stringify(outcome)) as Outcome))
      const recorded = normalizeOutcome(recording.outcome)
      return {
        file,
        user: formatUser(recording),
        recorded,
        replayed,
        differences: [...diffOutcomes(recorded, replayed), ...diffInteractions(revived.answers, redactor)],
        unrecorded: revived.answers.interactions
          .filter((one) => one.match === undefined)
          .map(({ target }) => redactor.redactText(target)),
      }
    },
    close: async () => current?.engine.close(),
  }
}

/** What was said over a connection is nowhere, so the same rules cannot come to the same end. */
function assertNoConnections(file: string, { outcome }: Recording): void {
  const connectRequest = outcome.rules.flatMap(({ requests }) => requests).find(({ method }) => method === 'CONNECT')
  if (connectRequest === undefined) return
  throw new ClaimsmithError(
    'INVALID_RECORDING',
    `${file}: the rules spoke to ${connectRequest.url} over a connection of their own, and no recording holds what was said; what they ask a host module is recorded`,
  )
}

function toRuleInput({ name, script, filename, onError, secrets }: RecordedRule, order: number): RuleInput {
  return { name, script, filename, onError, secrets: { ...secrets }, order }
}

/** What stands behind `auth0` changes from recording to recording. */
function createUsersProxy(users: () => UsersPort): UsersPort {
  const names = ['domain', 'baseUrl', 'accessToken', 'updateUserMetadata', 'updateAppMetadata'] as const
  const port = {}
  for (const name of names) Object.defineProperty(port, name, { get: () => users()[name], enumerable: true })
  return port
}

/** An action that goes on may stand elsewhere among other rules. */
function relocateResumePoint<Point extends NonNullable<RevivedRecording['input']['resumePoint']>>(
  resumePoint: Point,
  rules: string | undefined,
): Point {
  if (rules === undefined || resumePoint.action === undefined) return resumePoint
  const rulesInOrder = loadRuleset({ rules }).rules.filter(({ triggers }) => triggers.includes('post-login'))
  const ruleIndex = rulesInOrder.findIndex(({ kind, name }) => kind === 'action' && name === resumePoint.action)
  return ruleIndex < 0 ? resumePoint : { ...resumePoint, ruleIndex }
}

/** Other bodies of the same requests, and other calls: an outcome does not tell them. */
function diffInteractions({ interactions, listUnused }: RecordedAnswers, redactor: Redactor): Difference[] {
  const redactedInteractions = interactions.map(({ match, ...one }) => ({
    one: normalizeInteraction(redactor.redact(one)),
    match,
  }))
  const changed = redactedInteractions.flatMap(({ one, match }): Difference[] => {
    const path = formatPointer(one)
    if (match === undefined) return one.kind === 'call' ? [{ path, kind: 'added', after: one.input }] : []
    const before = normalizeInteraction(match)
    const isSame = JSON.stringify(before.input) === JSON.stringify(one.input)
    return isSame ? [] : [{ path, kind: 'changed', before: before.input, after: one.input }]
  })
  const missing = listUnused()
    .filter(({ kind }) => kind === 'call')
    .map((one): Difference => ({ path: formatPointer(one), kind: 'removed', before: one.input }))
  return [...changed, ...missing]
}

const formatPointer = ({ kind, target }: Interaction): string =>
  `/${kind}s/${target.replaceAll('~', '~0').replaceAll('/', '~1')}`

function normalizeInteraction(interaction: Interaction): Interaction {
  return JSON.parse(JSON.stringify(interaction).replaceAll(/(\[redacted:[^\]]+?)-\d+\]/g, '$1]')) as Interaction
}

function formatUser({ user }: Recording): string {
  const { email, user_id: id } = user
  return [email, id].find((one) => typeof one === 'string') ?? 'nobody'
}

/** The folder of recorded rules, if it is on this machine: they may have been recorded elsewhere. */
function findRecordedFolder(recordedRules: { readonly folder?: string } | undefined): string | undefined {
  return recordedRules?.folder !== undefined && isFolder(recordedRules.folder) ? recordedRules.folder : undefined
}

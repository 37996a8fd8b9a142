import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { readRecording } from '../format/read-recording.ts'
import type { Recording } from '../format/recording.ts'
import { diffInteractions } from './diff-interactions.ts'
import { type Difference, diffOutcomes, normalizeOutcome } from './diff-outcomes.ts'
import { ReplayEngine, type ReplayOptions } from './replay-engine.ts'
import { type RevivedRecording, reviveRecording } from './revive-recording.ts'

/** The result of running a recorded login again. */
export interface Replay {
  readonly file: string
  readonly user: string
  /** Both outcomes are without secrets, durations and states. */
  readonly recorded: Outcome
  readonly replayed: Outcome
  readonly differences: readonly Difference[]
  /** Requests and calls that the recording has no answer to: `GET https://…`, `auth0.users.updateAppMetadata`. */
  readonly unrecorded: readonly string[]
}

/** Runs recordings again, one after another. It sends no requests and saves nothing. */
export interface Replayer {
  /** @throws {ClaimsmithError} INVALID_RECORDING if it cannot be read; RULE_SYNTAX or INVALID_RULESET if the rules cannot run */
  replay(file: string): Promise<Replay>
  close(): Promise<void>
}

export function createReplayer(options: ReplayOptions = {}): Replayer {
  const replayEngine = new ReplayEngine(options)

  return {
    async replay(file) {
      const recording = readRecording(file)
      if (options.rules === undefined) assertNoConnections(file, recording)
      const revived = reviveRecording(recording, options)
      const { answers, redactor } = revived
      const engine = await replayEngine.open(file, recording, revived)
      const outcome = await runRecording(engine, recording, revived, options.rules)
      redactor.learn(outcome)
      const replayed = normalizeOutcome(redactor.redact(JSON.parse(JSON.stringify(outcome)) as Outcome))
      const recorded = normalizeOutcome(recording.outcome)
      return {
        file,
        user: formatUser(recording),
        recorded,
        replayed,
        differences: [...diffOutcomes(recorded, replayed), ...diffInteractions(answers, redactor)],
        unrecorded: answers.interactions
          .filter((one) => one.match === undefined)
          .map(({ target }) => redactor.redactText(target)),
      }
    },
    close: () => replayEngine.close(),
  }
}

async function runRecording(
  engine: Engine,
  { trigger }: Recording,
  { input }: RevivedRecording,
  rules: string | undefined,
): Promise<Outcome> {
  const { user, context, clock, seed, global, resumePoint } = input
  const runOptions = {
    time: clock,
    seed,
    global,
    ...(resumePoint && { resumePoint: relocateResumePoint(resumePoint, rules) }),
  }
  return trigger === 'post-login'
    ? engine.run({ user, context }, runOptions)
    : engine.exchangeCredentials({ context }, runOptions)
}

/** Traffic of connections is not recorded, so the same rules cannot have the same outcome. */
function assertNoConnections(file: string, { outcome }: Recording): void {
  const connectRequest = outcome.rules.flatMap(({ requests }) => requests).find(({ method }) => method === 'CONNECT')
  if (connectRequest === undefined) return
  throw new ClaimsmithError(
    'INVALID_RECORDING',
    `${file}: the rules opened a connection to ${connectRequest.url}, and the traffic of connections is not recorded; give other rules, or use a host module, whose calls are recorded`,
  )
}

/** Finds the resumed action in other rules, where its index may differ. */
function relocateResumePoint<Point extends NonNullable<RevivedRecording['input']['resumePoint']>>(
  resumePoint: Point,
  rules: string | undefined,
): Point {
  if (rules === undefined || resumePoint.action === undefined) return resumePoint
  const rulesInOrder = loadRuleset({ rules }).rules.filter(({ triggers }) => triggers.includes('post-login'))
  const ruleIndex = rulesInOrder.findIndex(({ kind, name }) => kind === 'action' && name === resumePoint.action)
  return ruleIndex < 0 ? resumePoint : { ...resumePoint, ruleIndex }
}

function formatUser({ user }: Recording): string {
  const { email, user_id: id } = user
  return [email, id].find((one) => typeof one === 'string') ?? 'nobody'
}

import { createEngine } from '../../engine/engine.ts'
import type { EngineOptions } from '../../engine/options/engine-options.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { readRecordedRules } from '../format/read-recording.ts'
import type { RecordedRules, Recording } from '../format/recording.ts'
import type { RecordingSecrets } from './loaded-recording.ts'
import { type RecordedAnswers, buildReplayModules } from './recorded-answers.ts'
import type { RevivedRecording } from './revive-recording.ts'

export interface ReplayOptions extends RecordingSecrets {
  /** A folder or a file; by default the rules that each recording was made with. */
  readonly rules?: string
  /** Where `require` looks for packages after the rules' own folder. */
  readonly modulesFolder?: string
}

/**
 * - `closed`: there is no engine.
 * - `open`: the engine runs recordings with this key, one at a time, and gets the answers of the current one.
 */
type ReplayEngineState =
  | { readonly name: 'closed' }
  | { readonly name: 'open'; readonly key: string; readonly engine: Engine; answers: RecordedAnswers }

/** The engine of a replayer. Recordings with the same rules, configuration, modules and realm share it. */
export class ReplayEngine {
  readonly #options: ReplayOptions
  #state: ReplayEngineState = { name: 'closed' }

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  /** Returns an engine for a recording. It closes the engine of the recording before, if that one had another key. */
  async open(file: string, recording: Recording, revived: RevivedRecording): Promise<Engine> {
    const { rules = recording.rules.hash } = this.#options
    const { answers, input } = revived
    const key = JSON.stringify([rules, input.configuration, recording.modules, recording.realm])
    if (this.#state.name === 'open' && this.#state.key === key) this.#state.answers = answers
    else {
      await this.close()
      this.#state = { name: 'open', key, engine: this.#createEngine(file, recording, revived), answers }
    }
    return this.#state.engine
  }

  async close(): Promise<void> {
    if (this.#state.name === 'closed') return
    const { engine } = this.#state
    this.#state = { name: 'closed' }
    await engine.close()
  }

  #createEngine(file: string, recording: Recording, { input, fill }: RevivedRecording): Engine {
    const { rules, secrets, modulesFolder } = this.#options
    const recordedRules = rules === undefined ? fill(readRecordedRules(file, recording)) : undefined
    const folder = modulesFolder ?? findRecordedFolder(recordedRules)
    return createEngine({
      rules: rules ?? recordedRules?.rules.map(toRuleInput) ?? [],
      configuration: input.configuration,
      realm: recording.realm,
      snapshots: false,
      ...(secrets === undefined ? {} : { secrets }),
      ...(folder === undefined ? {} : { modulesFolder: folder }),
      modules: buildReplayModules(fill(recording.modules), (path, args) => this.#getAnswers()?.call(path, args)),
      users: createUsersProxy(() => this.#getAnswers()?.users ?? {}),
      network: { fetch: (request) => this.#getAnswers()?.fetch(request) ?? Response.error() },
      limits: { workers: 1, maxSourceBytes: 1_000_000 },
    } satisfies EngineOptions)
  }

  #getAnswers(): RecordedAnswers | undefined {
    return this.#state.name === 'open' ? this.#state.answers : undefined
  }
}

function toRuleInput(
  { name, script, filename, onError, secrets }: RecordedRules['rules'][number],
  order: number,
): RuleInput {
  return { name, script, filename, onError, secrets: { ...secrets }, order }
}

/** Looks `auth0` up at each use: it changes from recording to recording. */
function createUsersProxy(users: () => UsersPort): UsersPort {
  const names = ['domain', 'baseUrl', 'accessToken', 'updateUserMetadata', 'updateAppMetadata'] as const
  const port = {}
  for (const name of names) Object.defineProperty(port, name, { get: () => users()[name], enumerable: true })
  return port
}

/** Finds the folder of recorded rules. It may not exist: they may have been recorded on another machine. */
function findRecordedFolder(recordedRules: { readonly folder?: string } | undefined): string | undefined {
  return recordedRules?.folder !== undefined && isFolder(recordedRules.folder) ? recordedRules.folder : undefined
}

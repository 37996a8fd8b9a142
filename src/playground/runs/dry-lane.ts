import { createEngine } from '../../engine/engine.ts'
import type { EngineOptions } from '../../engine/options/engine-options.ts'
import type { StatesPort } from '../../engine/ports/states-port.ts'
import type { Outcome, UserUpdate } from '../../engine/outcome/outcome.ts'
import type { UserAndContext } from '../../engine/run/login-text.ts'
import { mergeMetadata } from '../../profile/metadata/metadata.ts'
import type { LoadedRecording } from '../../recording/replay/load-recording.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { Metadata, User } from '../../profile/user/user.ts'

/** What is to be run, and for whom. */
export interface DryRun {
  readonly rules: readonly RuleInput[]
  readonly configuration: Readonly<Record<string, string>>
  readonly login: UserAndContext
  /** What answers its requests, and the time and the chance that it had. */
  readonly recorded?: Pick<LoadedRecording, 'fetch' | 'clock' | 'seed'>
}

export interface LaneOptions extends Pick<EngineOptions, 'network' | 'modulesFolder' | 'limits' | 'secrets'> {
  /** Other users than the one who logs in. */
  findUser(userId: string): Promise<User | undefined>
  /** What rules find as `auth0.domain`. */
  readonly domain: string
}

/** Runs one login after the other, with an engine of its own. */
export interface Lane {
  run(dryRun: DryRun): Promise<Outcome>
  close(): Promise<void>
}

/** Nobody comes back to a login of a playground. */
const forgotten: StatesPort = { save: async () => undefined, take: async () => undefined }

/** Makes a lane: what its rules save is answered as the store would, and written nowhere. */
export function createLane({ findUser, domain, network, modulesFolder, limits, secrets }: LaneOptions): Lane {
  let people = new Map<string, User>()

  async function update(attribute: UserUpdate['of'], userId: string, metadata: Metadata): Promise<User> {
    const user = people.get(userId) ?? (await findUser(userId))
    if (user === undefined) throw new Error('The user does not exist.')
    const changed = { ...user, [attribute]: mergeMetadata(user[attribute] ?? {}, metadata) }
    people.set(userId, changed)
    return changed
  }

  const engine = createEngine({
    rules: [],
    limits: { ...limits, workers: 1 },
    states: forgotten,
    users: {
      domain,
      updateUserMetadata: (id, metadata) => update('user_metadata', id, metadata),
      updateAppMetadata: (id, metadata) => update('app_metadata', id, metadata),
    },
    ...(network === undefined ? {} : { network }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(modulesFolder === undefined ? {} : { modulesFolder }),
  })

  return {
    async run({ rules, configuration, login, recorded }) {
      await engine.replace(rules, configuration)
      const { user_id: id } = login.user
      people = new Map(id === undefined ? [] : [[id, structuredClone(login.user)]])
      return engine.run(login, recorded && { clock: recorded.clock, seed: recorded.seed })
    },
    close: () => engine.close(),
  }
}

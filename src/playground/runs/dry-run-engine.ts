import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { createEngine } from '../../engine/engine.ts'
import type { EngineOptions } from '../../engine/options/engine-options.ts'
import type { SuspendedLoginStore } from '../../engine/ports/suspended-login-store.ts'
import type { Outcome, UserUpdate } from '../../engine/outcome/outcome.ts'
import type { UserAndContext } from '../../engine/run/encode-login.ts'
import { mergeMetadata } from '../../profile/metadata/merge-metadata.ts'
import type { LoadedRecording } from '../../recording/replay/loaded-recording.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { Metadata, User } from '../../profile/user/user.ts'

/** The rules of a dry run, and the login to run them over. */
export interface DryRunInput {
  readonly rules: readonly RuleInput[]
  readonly configuration: Readonly<Record<string, ConfiguredValue>>
  readonly login: UserAndContext
  /** The recorded responses, time and random seed. */
  readonly recording?: Pick<LoadedRecording, 'fetch' | 'clock' | 'seed'>
}

export interface DryRunEngineOptions extends Pick<EngineOptions, 'network' | 'modulesFolder' | 'limits' | 'secrets'> {
  /** Finds users other than the one who logs in. */
  findUser(userId: string): Promise<User | undefined>
  /** The value of `auth0.domain` in rules. */
  readonly domain: string
}

/** An engine that runs one login at a time, and saves nothing. */
export interface DryRunEngine {
  run(dryRun: DryRunInput): Promise<Outcome>
  close(): Promise<void>
}

/** Logins of a playground are never resumed. */
const noSuspendedLogins: SuspendedLoginStore = { save: async () => undefined, take: async () => undefined }

/** Creates an engine for dry runs. An update by a rule is answered as by the store, and not saved. */
export function createDryRunEngine({
  findUser,
  domain,
  network,
  modulesFolder,
  limits,
  secrets,
}: DryRunEngineOptions): DryRunEngine {
  let updatedUsers = new Map<string, User>()

  async function updateMetadata(attribute: UserUpdate['of'], userId: string, metadata: Metadata): Promise<User> {
    const user = updatedUsers.get(userId) ?? (await findUser(userId))
    if (user === undefined) throw new Error('The user does not exist.')
    const updated = { ...user, [attribute]: mergeMetadata(user[attribute] ?? {}, metadata) }
    updatedUsers.set(userId, updated)
    return updated
  }

  const engine = createEngine({
    rules: [],
    snapshots: false,
    limits: { ...limits, workers: 1 },
    suspendedLogins: noSuspendedLogins,
    users: {
      domain,
      updateUserMetadata: (id, metadata) => updateMetadata('user_metadata', id, metadata),
      updateAppMetadata: (id, metadata) => updateMetadata('app_metadata', id, metadata),
    },
    ...(network === undefined ? {} : { network }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(modulesFolder === undefined ? {} : { modulesFolder }),
  })

  return {
    async run({ rules, configuration, login, recording }) {
      await engine.replace(rules, configuration)
      const { user_id: id } = login.user
      updatedUsers = new Map(id === undefined ? [] : [[id, structuredClone(login.user)]])
      return engine.run(login, recording && { time: recording.clock, seed: recording.seed })
    },
    close: () => engine.close(),
  }
}

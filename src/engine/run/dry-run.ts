import type { Metadata, User } from '../../profile/user/user.ts'
import type { HostModules } from '../ports/host-modules.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { UsersPort } from '../ports/users-port.ts'

interface Ports {
  readonly users: UsersPort
  readonly modules: HostModules
}

/** Resolves what rules can reach of the embedder: everything, or in a dry run nothing that has an effect. */
export function resolvePorts(ports: Ports, user: User, { dry = false }: RunOptions): Ports {
  if (!dry) return ports
  const { domain, baseUrl } = ports.users
  const createUpdater = (kind: 'user_metadata' | 'app_metadata') => async (_id: string, metadata: Metadata) => ({
    ...user,
    [kind]: { ...user[kind], ...metadata },
  })
  return {
    users: {
      ...(domain === undefined ? {} : { domain }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
      updateUserMetadata: createUpdater('user_metadata'),
      updateAppMetadata: createUpdater('app_metadata'),
    },
    modules: {},
  }
}

import { type Playground, type PlaygroundOptions, createPlayground } from '../../playground/playground.ts'
import { createStoreHome } from '../../playground/rules/store-home.ts'
import { folderOf } from '../../rules/folder/folder.ts'
import type { ServeSettings } from '../flags/serve-settings.ts'

interface Served extends Pick<PlaygroundOptions, 'server' | 'store' | 'finished' | 'overlay' | 'access'> {
  readonly settings: ServeSettings
}

/** The playground of a server: it runs the rules that the server runs, and saves into its store. */
export function openPlayground({ settings, store, ...served }: Served): Playground {
  const { rules, allow, modulesFolder, record } = settings
  const folder = typeof rules === 'string' ? rules : undefined
  const modules = modulesFolder ?? (folder === undefined ? undefined : folderOf(folder))
  return createPlayground({
    ...served,
    store,
    home: createStoreHome(store, folder),
    network: { allow },
    ...(record !== undefined && { recordings: record }),
    ...(modules !== undefined && { modulesFolder: modules }),
    onError: (error) => process.stderr.write(`the playground failed: ${String(error)}\n`),
  })
}

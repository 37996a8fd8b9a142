import { type Playground, type PlaygroundOptions, createPlayground } from '../../playground/playground.ts'
import { createStoreRuleRepository } from '../../playground/rules/store-rule-repository.ts'
import { resolveFolder } from '../../rules/folder/read-folder.ts'
import type { ServeSettings } from '../flags/serve-settings.ts'

interface ServedPlayground extends Pick<PlaygroundOptions, 'server' | 'store' | 'loginEmitter' | 'overlay' | 'access'> {
  readonly settings: ServeSettings
}

/** The playground of a server: it runs the rules that the server runs, and saves into its store. */
export function openPlayground({ settings, store, ...options }: ServedPlayground): Playground {
  const { rules, allow, modulesFolder, record } = settings
  const folder = typeof rules === 'string' ? rules : undefined
  const modules = modulesFolder ?? (folder === undefined ? undefined : resolveFolder(folder))
  return createPlayground({
    ...options,
    store,
    repository: createStoreRuleRepository(store, folder),
    network: { allow },
    ...(record !== undefined && { recordings: record }),
    ...(modules !== undefined && { modulesFolder: modules }),
    onInternalError: (error) => process.stderr.write(`the playground failed: ${String(error)}\n`),
  })
}

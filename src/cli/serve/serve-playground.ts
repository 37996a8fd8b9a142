import { type Playground, type PlaygroundOptions, createPlayground } from '../../playground/playground.ts'
import { createStoreRuleRepository } from '../../playground/rules/store-rule-repository.ts'
import { printError } from '../print/print-error.ts'
import { resolveFolder } from '../../rules/folder/read-folder.ts'
import type { ServeSettings } from '../flags/serve-settings.ts'

interface ServedPlaygroundOptions extends Pick<
  PlaygroundOptions,
  'server' | 'store' | 'loginEmitter' | 'overlay' | 'access'
> {
  readonly settings: ServeSettings
}

/** Opens the playground of a server: it runs the same rules, and saves into the same store. */
export function openPlayground({ settings, store, ...options }: ServedPlaygroundOptions): Playground {
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
    onInternalError: (error) => printError('the playground failed', error),
  })
}

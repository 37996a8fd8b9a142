import { Flag } from './flag.ts'
import { valueKinds } from './value-kind.ts'

/** The argument of the commands that work on rules. */
export const rulesArgument = {
  name: '[rules]',
  description: 'File or folder of rules. Default: `rules` in claimsmith.config.json.',
  isConfigurable: true,
}

/** Creates flags that several commands have. */
export const sharedFlags = {
  allowNetwork: (): Flag =>
    new Flag(
      '--allow-network <address>',
      'Private address that rules may reach: localhost:8080, or a block such as 10.0.0.0/8. May be repeated.',
      { kind: valueKinds.text, isRepeatable: true },
    ),
  configuration: (description = 'JSON file with the values that rules find in `configuration`.'): Flag =>
    new Flag('--configuration <file>', description, { kind: valueKinds.path }),
  context: (description: string, isRepeatable = false): Flag =>
    new Flag('--context <file>', description, { kind: valueKinds.path, isRepeatable }),
  json: (document: string): Flag =>
    new Flag('--json', `Print ${document} as one JSON document.`, { isConfigurable: false }),
  modules: (description = 'Folder in which rules find more packages than those beside them.'): Flag =>
    new Flag('--modules <folder>', description, { kind: valueKinds.path }),
  port: (description: string): Flag =>
    new Flag('--port <number>', description, {
      kind: valueKinds.port,
      defaultValue: 3000,
      environmentVariable: 'PORT',
    }),
  secrets: (description = 'JSON file with the values that actions find in `event.secrets`, besides their own.'): Flag =>
    new Flag('--secrets <file>', description, { kind: valueKinds.path }),
  storedRules: (): Flag =>
    new Flag('--rules <path>', 'File or folder of rules that run before those in the store.', {
      kind: valueKinds.path,
    }),
  storedModules: (): Flag =>
    sharedFlags.modules('Folder in which the rules in the store find the packages that they require.'),
  to: (description: string, defaultValue: string): Flag =>
    new Flag('--to <folder>', description, { kind: valueKinds.path, defaultValue, isConfigurable: false }),
  user: (description: string, isRepeatable = false): Flag =>
    new Flag('--user <file>', description, { kind: valueKinds.path, isRepeatable }),
}

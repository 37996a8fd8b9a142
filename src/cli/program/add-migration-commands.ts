import type { Command } from 'commander'
import type { ConvertFlags } from '../commands/convert-command.ts'
import type { ImportFlags } from '../commands/import-command.ts'
import { addCommand } from './add-command.ts'
import { Flag } from './flag.ts'
import { rulesArgument, sharedFlags } from './shared-flags.ts'
import { valueKinds } from './value-kind.ts'

/** Adds the commands for those who leave Auth0. */
export function addMigrationCommands(program: Command, onExit: (exitCode: number) => void): void {
  addImportCommand(program, onExit)
  addConvertCommand(program, onExit)
}

function addImportCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'import',
      summary: 'write the rules of an auth0-deploy-cli folder into a folder of rules',
      description: 'Write the rules of an auth0-deploy-cli folder into a folder of rules, and say what is left to do.',
      argument: { name: '<deployment>', description: 'Folder of auth0-deploy-cli, or its tenant.yaml.' },
      flags: [
        sharedFlags.to('Folder for the rules. It must be empty or missing.', 'claimsmith-rules'),
        new Flag('--mappings <file>', 'JSON file with the values of the keywords @@KEY@@ and ##KEY##.', {
          kind: valueKinds.path,
        }),
        new Flag(
          '--store <url>',
          'Store that also gets the rules and the configuration: sqlite:<path> or postgres://…. It must have none yet.',
          { kind: valueKinds.lastingStore },
        ),
      ],
      examples: [
        'claimsmith import tenant',
        'claimsmith import tenant/tenant.yaml --mappings mappings.json --to rules',
      ],
      exitCodes: ['The rules are written, and will run.', 'Something is left to do before they run.'],
      run: async (path: string, flags: ImportFlags) =>
        (await import('../commands/import-command.ts')).runImportCommand(path, flags),
    },
    onExit,
  )
}

function addConvertCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'convert',
      summary: 'rewrite rules as actions, and compare both',
      description: 'Rewrite rules as actions, and compare both over the same logins.',
      argument: rulesArgument,
      flags: [
        sharedFlags.to('Folder for the actions. It must be empty or missing.', 'claimsmith-actions'),
        sharedFlags.user('JSON file with the user of one more login, besides the built-in ones.'),
        sharedFlags.context('JSON file with properties of the context of one more login, besides the built-in ones.'),
      ],
      examples: ['claimsmith convert rules', 'claimsmith convert rules --to actions --user ada.json'],
      exitCodes: [
        'All rules are actions now, with the same outcomes.',
        'A rule is left as it is, or its action gave another outcome.',
      ],
      run: async (path: string, flags: ConvertFlags) =>
        (await import('../commands/convert-command.ts')).runConvertCommand(path, flags),
    },
    onExit,
  )
}

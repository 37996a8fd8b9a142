import type { Command } from 'commander'
import { hookVendors } from '../../http/hooks/hook-vendors.ts'
import type { UsersImportFlags } from '../commands/users-import-command.ts'
import type { ServeFlags } from '../flags/serve-settings.ts'
import { addCommand } from './add-command.ts'
import { Flag } from './flag.ts'
import { sharedFlags } from './shared-flags.ts'
import { valueKinds } from './value-kind.ts'

/** Adds the commands of a server and its store. */
export function addServerCommands(program: Command, onExit: (exitCode: number) => void): void {
  addServeCommand(program, onExit)
  const users = program
    .command('users')
    .summary('import users into a store')
    .description('Work with the users of a store.')
    .usage('<command> [flags]')
    .helpCommand(false)
  addUsersImportCommand(users, onExit)
}

function addServeCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'serve',
      summary: 'serve logins: /oauth/token, /userinfo, /tokeninfo',
      description: 'Serve logins (/oauth/token, /userinfo, /tokeninfo) and the Management API until a signal stops it.',
      flags: [
        sharedFlags.storedRules(),
        sharedFlags.storedModules(),
        new Flag('--store <url>', 'Store of users, clients and rules: memory:, sqlite:<path> or postgres://….', {
          kind: valueKinds.store,
          defaultValue: 'memory:',
        }),
        sharedFlags.port('Port to listen on.'),
        new Flag('--host <name>', 'Address to listen on. 0.0.0.0 also answers other machines.', {
          kind: valueKinds.text,
          defaultValue: '127.0.0.1',
        }),
        new Flag('--https', 'Serve https, with a certificate that is made for this run.'),
        sharedFlags.allowNetwork(),
        new Flag(
          '--hooks',
          `Serve /hooks/<vendor> to the auth servers whose secret is in CLAIMSMITH_<VENDOR>_SECRET: ${hookVendors.join(', ')}.`,
        ),
        new Flag(
          '--record <folder>',
          'Folder into which each login is written as a file, without passwords, tokens and configuration.',
          { kind: valueKinds.path },
        ),
        new Flag('--playground', 'Serve the page /playground to clients of the Management API.'),
        new Flag('--demo', 'Serve demo users, clients and rules from memory, and the playground without sign-in.', {
          isConfigurable: false,
          conflictsWith: ['store'],
        }),
      ],
      examples: ['claimsmith serve --demo', 'claimsmith serve --rules rules --store sqlite:claimsmith.db --port 8080'],
      exitCodes: ['A signal stopped the server.', 'The server could not start.'],
      run: async (_argument: undefined, flags: ServeFlags) =>
        (await import('../commands/serve-command.ts')).runServeCommand(flags),
    },
    onExit,
  )
}

function addUsersImportCommand(users: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    users,
    {
      name: 'import',
      summary: 'import a file of users into a store',
      description: "Import users: a JSON array in Auth0's import schema, or one user per line.",
      argument: { name: '<file>', description: 'File of users. It may be larger than the memory.' },
      flags: [
        new Flag('--store <url>', 'Store to import into: sqlite:<path> or postgres://…. Required.', {
          kind: valueKinds.lastingStore,
          isRequired: true,
        }),
        new Flag('--connection <name>', 'Database connection that the users log in with. Required.', {
          kind: valueKinds.text,
          isRequired: true,
        }),
        new Flag('--upsert', 'Update users that are already there. Without it, they are left as they are.', {
          isConfigurable: false,
        }),
        new Flag('--errors <file>', 'File for the users that failed. Default: <file>.errors.ndjson.', {
          kind: valueKinds.path,
          isConfigurable: false,
        }),
      ],
      examples: [
        'claimsmith users import users.json --store sqlite:users.db --connection Username-Password-Authentication',
      ],
      exitCodes: [
        'All users were imported, or were already there.',
        'A user failed, or the file is not JSON to its end.',
      ],
      run: async (file: string, flags: UsersImportFlags) =>
        (await import('../commands/users-import-command.ts')).runUsersImportCommand(file, flags),
    },
    onExit,
  )
}

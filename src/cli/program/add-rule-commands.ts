import type { Command } from 'commander'
import type { CoverageFlags, CoverageSubject } from '../commands/coverage-command.ts'
import type { CheckFlags } from '../commands/check-command.ts'
import type { DevFlags } from '../flags/dev-settings.ts'
import type { RunFlags } from '../commands/run-command.ts'
import { reporters } from '../../coverage/reporters.ts'
import { addCommand } from './add-command.ts'
import { Flag } from './flag.ts'
import { rulesArgument, sharedFlags } from './shared-flags.ts'
import { valueKinds } from './value-kind.ts'

/** Adds the commands for those who write rules. */
export function addRuleCommands(program: Command, onExit: (exitCode: number) => void): void {
  addInitCommand(program, onExit)
  addRunCommand(program, onExit)
  addCheckCommand(program, onExit)
  addDevCommand(program, onExit)
  addCoverageCommand(program, onExit)
}

function addInitCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'init',
      summary: 'make a project with a rule and its test',
      description: 'Make a project: a rule, its test, configuration, types, and a package.json that runs them.',
      argument: { name: '[folder]', description: 'Folder of the project. Without it, the current folder.' },
      flags: [],
      examples: ['claimsmith init my-rules', 'npx claimsmith init my-rules'],
      exitCodes: ['The project is written.', 'A file cannot be written.'],
      run: async (folder: string | undefined) => (await import('../commands/init-command.ts')).runInitCommand(folder),
    },
    onExit,
  )
}

function addRunCommand(program: Command, onExit: (exitCode: number) => void): void {
  const inspect = new Flag(
    '--inspect <port>',
    'Wait for a debugger (chrome://inspect, VS Code) on 127.0.0.1, and stop at the first line of the first rule. The port is 9229 unless one is given. Rules have no deadlines.',
    { kind: valueKinds.debuggerPort, isConfigurable: false },
  )
  // Only a port after `=` belongs to the flag: what follows it is the argument. `completeArguments` sees to it.
  inspect.flags = '--inspect[=port]'
  addCommand(
    program,
    {
      name: 'run',
      summary: 'run rules over one login and show what they did',
      description: 'Run rules over one login, and show what each rule changed, logged and requested.',
      argument: rulesArgument,
      flags: [
        sharedFlags.user(
          'JSON file with the user. Without it, the user is ada@example.com, verified, without metadata.',
        ),
        sharedFlags.context(
          'JSON file with properties of the context. The others are those of a login to demo-app by password, with the protocol oidc-basic-profile.',
        ),
        sharedFlags.configuration(),
        sharedFlags.secrets(),
        sharedFlags.modules(),
        sharedFlags.allowNetwork(),
        inspect,
        sharedFlags.json('the outcome'),
      ],
      examples: [
        'claimsmith run rules',
        'claimsmith run rules/10-plan.js --user user.json --json',
        'claimsmith run rules --inspect',
      ],
      exitCodes: ['The rules ran to an outcome; a denied login is one.', 'A rule failed.'],
      run: async (path: string, flags: RunFlags) =>
        (await import('../commands/run-command.ts')).runRunCommand(path, flags),
    },
    onExit,
  )
}

function addCheckCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'check',
      summary: 'report whether each rule will run here',
      description: 'Report whether each rule will run here, and what to do if not. No rule is run.',
      argument: rulesArgument,
      flags: [
        sharedFlags.modules(),
        sharedFlags.configuration(),
        sharedFlags.secrets(),
        new Flag('--recordings <folder>', 'Folder of recordings, whose requests show which hosts rules call.', {
          kind: valueKinds.path,
          isConfigurable: false,
        }),
        sharedFlags.json('the report'),
      ],
      examples: ['claimsmith check rules', 'claimsmith check rules --modules . --json'],
      exitCodes: ['All rules will run, perhaps with warnings.', 'A rule will not run.'],
      run: async (path: string, flags: CheckFlags) =>
        (await import('../commands/check-command.ts')).runCheckCommand(path, flags),
    },
    onExit,
  )
}

function addDevCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'dev',
      summary: 'run rules again after each save, and serve a playground',
      description: 'Run rules again after each save, show what changed in which logins, and serve a playground.',
      argument: rulesArgument,
      flags: [
        sharedFlags.user('JSON file with a user, for logins instead of the built-in ones. May be repeated.', true),
        sharedFlags.context(
          'JSON file with properties of a context, for logins instead of the built-in ones. May be repeated: each user logs in with each context.',
          true,
        ),
        sharedFlags.configuration(),
        sharedFlags.secrets(),
        sharedFlags.modules(),
        sharedFlags.allowNetwork(),
        sharedFlags.port('Port of the playground.'),
      ],
      examples: ['claimsmith dev rules', 'claimsmith dev rules --user ada.json --user grace.json'],
      exitCodes: ['A signal stopped it.', 'The playground could not be served.'],
      run: async (path: string, flags: DevFlags) =>
        (await import('../commands/dev-command.ts')).runDevCommand(path, flags),
    },
    onExit,
  )
}

function addCoverageCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'coverage',
      summary: 'run tests and report which code of the rules ran',
      description: 'Run tests (vitest, jest, node --test, …), and report which code of the rules ran.',
      argument: {
        name: '[rules...]',
        description: 'Files or folders of rules. They are in the report even if no test runs them.',
      },
      usage: '[flags] [rules...] -- <command>',
      flags: [
        new Flag('--reporter <names>', `Reports to write, separated by commas: ${reporters.join(', ')}.`, {
          kind: valueKinds.reporters,
        }).default(['text', 'lcov'], 'text,lcov'),
        sharedFlags.to('Folder for the reports.', 'coverage/rules'),
        new Flag(
          '--threshold <percent>',
          'Exit with 1 if less than this share of statements, branches, functions or lines ran.',
          { kind: valueKinds.percent, defaultValue: 0 },
        ),
      ],
      examples: ['claimsmith coverage -- vitest run', 'claimsmith coverage rules --threshold 90 -- npm test'],
      exitCodes: [
        'The command exited with 0, and the threshold is met.',
        'The threshold is not met. After another exit code of the command, the exit code is that one.',
      ],
      run: async (values: readonly string[], flags: CoverageFlags) =>
        (await import('../commands/coverage-command.ts')).runCoverageCommand(splitAtSeparator(values), flags),
    },
    onExit,
  )
}

/** Tells the rules from the command after `--`, which `completeArguments` leaves among the arguments. */
function splitAtSeparator(values: readonly string[]): CoverageSubject {
  const separatorIndex = values.includes('--') ? values.indexOf('--') : values.length
  return { rules: values.slice(0, separatorIndex), command: values.slice(separatorIndex + 1) }
}

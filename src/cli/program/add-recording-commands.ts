import type { Command } from 'commander'
import type { ExplainFlags } from '../commands/explain-command.ts'
import type { ReplayFlags } from '../commands/replay-command.ts'
import { addCommand } from './add-command.ts'
import { Flag } from './flag.ts'
import { sharedFlags } from './shared-flags.ts'
import { valueKinds } from './value-kind.ts'

/** Adds the commands that read recorded logins. */
export function addRecordingCommands(program: Command, onExit: (exitCode: number) => void): void {
  addReplayCommand(program, onExit)
  addExplainCommand(program, onExit)
}

function addReplayCommand(program: Command, onExit: (exitCode: number) => void): void {
  const notRecorded = 'The recordings do not hold it; rules see a placeholder instead of every other value.'
  addCommand(
    program,
    {
      name: 'replay',
      summary: 'run recorded logins again and show what is different',
      description: 'Run recorded logins again, answered from their recordings, and show what is different.',
      argument: { name: '<recordings>', description: 'Folder of recordings, or one recording.' },
      flags: [
        // Not configurable: without it, the recorded rules run.
        new Flag('--rules <path>', 'File or folder of rules to run instead of the recorded ones.', {
          kind: valueKinds.path,
          isConfigurable: false,
        }),
        sharedFlags.modules(),
        sharedFlags.configuration(`JSON file with what rules find in \`configuration\`. ${notRecorded}`),
        sharedFlags.secrets(`JSON file with what actions find in \`event.secrets\`. ${notRecorded}`),
        sharedFlags.json('the differences'),
        new Flag('--junit <file>', 'File into which the differences are written as JUnit XML.', {
          kind: valueKinds.path,
          isConfigurable: false,
        }),
      ],
      examples: ['claimsmith replay recordings', 'claimsmith replay recordings --rules rules --junit report.xml'],
      exitCodes: ['All recordings had the same outcome again.', 'A recording had another outcome.'],
      run: async (path: string, flags: ReplayFlags) =>
        (await import('../commands/replay-command.ts')).runReplayCommand(path, flags),
    },
    onExit,
  )
}

function addExplainCommand(program: Command, onExit: (exitCode: number) => void): void {
  addCommand(
    program,
    {
      name: 'explain',
      summary: 'show where each attribute and claim came from',
      description:
        'Show where each attribute of the profile and each claim came from, which rules set it, and from which values.',
      argument: {
        name: '[recording]',
        description: 'Recording to explain. Without it, --user and --store are needed.',
        conflictsWith: ['user', 'store', 'rules', 'modules'],
      },
      flags: [
        new Flag('--user <id|email>', 'User of the store whose login is explained. Nothing is saved.', {
          kind: valueKinds.text,
          isConfigurable: false,
        }),
        new Flag('--store <url>', 'Store that has the user: sqlite:<path> or postgres://….', {
          kind: valueKinds.lastingStore,
        }),
        sharedFlags.storedRules(),
        sharedFlags.storedModules(),
        sharedFlags.json('the explanation'),
      ],
      examples: [
        'claimsmith explain recordings/20261130T120000000Z-0001-abcdef-allow.json',
        'claimsmith explain --user ada@example.com --store sqlite:users.db --rules rules',
      ],
      exitCodes: ['The login is explained.', 'A rule failed in this login.'],
      run: async (recording: string | undefined, flags: ExplainFlags) =>
        (await import('../commands/explain-command.ts')).runExplainCommand(recording, flags),
    },
    onExit,
  )
}

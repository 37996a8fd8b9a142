import type { Command } from 'commander'
import { Flag } from './flag.ts'
import { valueKinds } from './value-kind.ts'

/** A command: all that its help and the documentation say, and the function that does its work. */
export interface CommandDeclaration<Argument, Flags> {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly description: string
  /** Its one argument: `<name>` if it is needed, `[name]` if not, `[name...]` for any number. */
  readonly argument?: {
    readonly name: string
    readonly description: string
    /** Names of flags, in camel case, that cannot be used with the argument. */
    readonly conflictsWith?: readonly string[]
  }
  /** Replaces the usage that is made of the flags and the argument. */
  readonly usage?: string
  readonly flags: readonly Flag[]
  readonly examples: readonly string[]
  /** When it exits with 0, and when with 1. Every command exits with 2 after wrong usage. */
  readonly exitCodes: readonly [success: string, failure: string]
  /** Resolves to the exit code. Imports the module of the command: help and mistakes do not wait for it. */
  readonly run: (argument: Argument, flags: Flags) => Promise<number>
}

/** Adds a command, and `--config` if the configuration file may have some of its flags. */
export function addCommand<Argument, Flags>(
  parent: Command,
  declaration: CommandDeclaration<Argument, Flags>,
  onExit: (exitCode: number) => void,
): void {
  const { name, summary, description, argument, usage, flags, run } = declaration
  const command = parent.command(name).summary(summary).description(description).helpCommand(false)
  if (argument !== undefined) command.argument(argument.name, argument.description)
  command.usage(usage ?? ['[flags]', ...(argument === undefined ? [] : [argument.name])].join(' '))
  for (const flag of flags) command.addOption(flag)
  const hasConfig = flags.some((flag) => flag.isConfigurable)
  if (hasConfig) command.addOption(createConfigFlag())
  command.addHelpText('after', formatHelpEnd(declaration))
  command.action(async () => {
    const [value] = command.processedArgs as [Argument]
    const conflicts = value === undefined ? [] : (argument?.conflictsWith ?? [])
    const conflict = flags.find(
      (flag) =>
        conflicts.includes(flag.attributeName()) && command.getOptionValueSource(flag.attributeName()) === 'cli',
    )
    if (conflict !== undefined) command.error(`${conflict.long} cannot be used with a ${argument?.name.slice(1, -1)}`)
    if (hasConfig) await (await import('../config/apply-config-file.ts')).applyConfigFile(command, conflicts)
    const missing = flags.find((flag) => flag.isRequired && command.getOptionValue(flag.attributeName()) === undefined)
    if (missing !== undefined) command.error(`${getCommandPath(command)} needs ${missing.flags}`)
    onExit(await run(value, command.opts() as Flags))
  })
}

/** Returns the words that call a command, without the program's name: `users import`. */
export function getCommandPath(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${getCommandPath(parent)} ${command.name()}` : command.name()
}

function createConfigFlag(): Flag {
  const description =
    'File with flags that repeat. Default: claimsmith.config.json or claimsmith.config.js in the current folder, if there is one.'
  return new Flag('--config <file>', description, { kind: valueKinds.path, isConfigurable: false })
}

function formatHelpEnd({
  examples,
  exitCodes,
}: Pick<CommandDeclaration<never, never>, 'examples' | 'exitCodes'>): string {
  const [success, failure] = exitCodes
  const codes = [success, failure, 'Wrong usage.'].map((meaning, code) => `  ${code}  ${meaning}`)
  return ['', 'Examples:', ...examples.map((example) => `  ${example}`), '', 'Exit codes:', ...codes].join('\n')
}

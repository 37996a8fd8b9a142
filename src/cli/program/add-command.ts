import { Argument, type Command } from 'commander'
import { ConfigurableArgument } from './configurable-argument.ts'
import { Flag } from './flag.ts'
import { valueKinds } from './value-kind.ts'

/** The one argument of a command: `<name>` if it is needed, `[name]` if not, `[name...]` for any number. */
interface ArgumentDeclaration {
  readonly name: string
  readonly description: string
  /** Whether it is needed, and the configuration file may have it. Its name is written as `[name]`. Default false. */
  readonly isConfigurable?: boolean
  /** Names of flags, in camel case, that cannot be used with the argument. */
  readonly conflictsWith?: readonly string[]
}

/** A command: all that its help and the documentation say, and the function that does its work. */
export interface CommandDeclaration<Value, Flags> {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly description: string
  readonly argument?: ArgumentDeclaration
  /** Replaces the usage that is made of the flags and the argument. */
  readonly usage?: string
  readonly flags: readonly Flag[]
  readonly examples: readonly string[]
  /** When it exits with 0, and when with 1. Every command exits with 2 after wrong usage. */
  readonly exitCodes: readonly [success: string, failure: string]
  /** Resolves to the exit code. Imports the module of the command: help and mistakes do not wait for it. */
  readonly run: (argument: Value, flags: Flags) => Promise<number>
}

/** Adds a command, and `--config` if the configuration file may have some of its flags. */
export function addCommand<Value, Flags>(
  parent: Command,
  declaration: CommandDeclaration<Value, Flags>,
  onExit: (exitCode: number) => void,
): void {
  const { name, summary, description, argument, usage, flags, run } = declaration
  const command = parent.command(name).summary(summary).description(description).helpCommand(false)
  const declaredArgument = argument && createArgument(argument)
  if (declaredArgument !== undefined) command.addArgument(declaredArgument)
  command.usage(usage ?? ['[flags]', ...(argument === undefined ? [] : [argument.name])].join(' '))
  for (const flag of flags) command.addOption(flag)
  const hasConfig = flags.some((flag) => flag.isConfigurable)
  if (hasConfig) command.addOption(createConfigFlag())
  command.addHelpText('after', formatHelpEnd(declaration))
  command.action(async () => {
    const [givenValue] = command.processedArgs as [Value | undefined]
    const argumentName = declaredArgument?.name() ?? ''
    const conflicts = givenValue === undefined ? [] : [argumentName, ...(argument?.conflictsWith ?? [])]
    const conflict = flags.find(
      (flag) =>
        conflicts.includes(flag.attributeName()) && command.getOptionValueSource(flag.attributeName()) === 'cli',
    )
    if (conflict !== undefined) command.error(`${conflict.long} cannot be used with a ${argumentName}`)
    if (hasConfig) await (await import('../config/apply-config-file.ts')).applyConfigFile(command, conflicts)
    const value = argument?.isConfigurable === true ? (givenValue ?? getConfiguredArgument(command)) : givenValue
    const missing = flags.find((flag) => flag.isRequired && command.getOptionValue(flag.attributeName()) === undefined)
    if (missing !== undefined) command.error(`${getCommandPath(command)} needs ${missing.flags}`)
    onExit(await run(value as Value, command.opts() as Flags))
  })
}

/** Returns the words that call a command, without the program's name: `users import`. */
export function getCommandPath(command: Command): string {
  const { parent } = command
  return parent?.parent ? `${getCommandPath(parent)} ${command.name()}` : command.name()
}

function createArgument({ name, description, isConfigurable = false }: ArgumentDeclaration): Argument {
  return isConfigurable ? new ConfigurableArgument(name, description) : new Argument(name, description)
}

/** Gets the argument from the configuration file. Ends the command if it is not there either. */
function getConfiguredArgument(command: Command): unknown {
  const name = command.registeredArguments[0]?.name() ?? ''
  const file = (command.getOptionValue('config') as string | undefined) ?? 'claimsmith.config.json'
  const value: unknown = command.getOptionValue(name)
  return value ?? command.error(`${getCommandPath(command)} needs <${name}>, or "${name}" in ${file}`)
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

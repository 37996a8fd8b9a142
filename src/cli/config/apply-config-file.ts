import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { assertKnownNames } from '../../errors/known-names.ts'
import type { Flag } from '../program/flag.ts'
import type { ValueKind } from '../program/value-kind.ts'
import { UsageError } from '../usage-error.ts'
import { type ConfigurableValue, listConfigKeys } from './list-config-keys.ts'
import { findConfigFile, readConfigFile } from './read-config-file.ts'

/**
 * Gives a command the flags and the argument of its configuration file that neither the command line nor the environment
 * gives. The argument becomes an option value of its name.
 *
 * Leaves out flags that conflict with a given one, and the keys in `conflicts`, in camel case.
 *
 * @throws {UsageError} if the file is not there, not valid, or has a wrong value
 * @throws {ClaimsmithError} INVALID_ARGUMENT if it has an unknown key
 */
export async function applyConfigFile(command: Command, conflicts: readonly string[]): Promise<void> {
  const namedFile = command.getOptionValue('config') as string | undefined
  const file = namedFile ?? findConfigFile('.')
  if (file === undefined) return
  const config = await readConfigFile(file, namedFile === undefined ? undefined : '--config')
  const keys = listConfigKeys(getProgram(command))
  assertKnownNames(config, file, ['$schema', ...keys.keys()], 'key')
  command.setOptionValueWithSource('config', file, 'config')
  for (const [key, declarations] of keys) {
    const value = config[key]
    if (value === undefined) continue
    const own = declarations.find((one) => one.command === command)
    const values = readValues(value, { file, key, declarations, own })
    const isLeftOut = own === undefined || conflicts.includes(key) || isOverruled(own)
    if (!isLeftOut) setValues(own, { file, values })
  }
}

/** Whether the flag, or one that it conflicts with, is on the command line or in the environment. */
function isOverruled({ flag, key, command }: ConfigurableValue): boolean {
  if (flag === undefined) return false
  return command.options.some((other) => {
    const otherKey = other.attributeName()
    if (!['cli', 'env'].includes(command.getOptionValueSource(otherKey) ?? '')) return false
    return other === flag || (other as Flag).conflictingKeys?.includes(key) || flag.conflictingKeys.includes(otherKey)
  })
}

function setValues(
  { command, key, isRepeatable, flag }: ConfigurableValue,
  { file, values }: { readonly file: string; readonly values: readonly unknown[] },
): void {
  if (!isRepeatable && values.length > 1) {
    const choice = flag?.long ?? `<${key}>`
    const message = `${file}: ${key} has ${values.length} values, and ${command.name()} takes one; choose it with ${choice}`
    throw new UsageError(message)
  }
  command.setOptionValueWithSource(key, isRepeatable ? values : values[0], 'config')
}

interface ConfigKey {
  readonly file: string
  readonly key: string
  /** The flags and arguments of this name, of all commands. */
  readonly declarations: readonly ConfigurableValue[]
  /** The one of the command that runs. */
  readonly own: ConfigurableValue | undefined
}

/** Checks a value, which may be an array if some command repeats the flag, and resolves its paths. */
function readValues(value: unknown, { file, key, declarations, own }: ConfigKey): unknown[] {
  const isList = Array.isArray(value) && declarations.some(({ isRepeatable }) => isRepeatable)
  const kinds = (own === undefined ? declarations : [own]).map(({ kind }) => kind)
  return (isList ? value : [value]).map((item: unknown) => {
    const kind = kinds.find(({ schema, parse }) => {
      const type = schema.type === 'integer' ? 'number' : schema.type
      return typeof item === type && parse(String(item)) !== undefined
    })
    if (kind !== undefined) return kind.parse(resolveText(String(item), kind, file))
    const shown = kinds.some(({ isSecret }) => isSecret) ? key : `${key} ${JSON.stringify(item)}`
    throw new UsageError(`${file}: ${shown}: give ${describeExpected(kinds)}`)
  })
}

/** Joins what the kinds expect. Leaves out one that another one says as well. */
function describeExpected(kinds: readonly ValueKind[]): string {
  const all = [...new Set(kinds.map(({ expected }) => expected))]
  return all.filter((text) => !all.some((other) => other !== text && other.includes(text))).join(', or ')
}

/** Paths in the file are relative to it. */
function resolveText(text: string, kind: ValueKind, file: string): string {
  return kind.resolve?.(text, relative('.', resolve(file, '..'))) ?? text
}

function getProgram(command: Command): Command {
  return command.parent === null ? command : getProgram(command.parent)
}

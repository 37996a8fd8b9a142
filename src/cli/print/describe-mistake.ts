import type { Command, CommanderError } from 'commander'
import { getCommandPath } from '../program/add-command.ts'
import type { Flag } from '../program/flag.ts'

type Describe = (match: readonly string[], command: Command) => string

/** The messages of the parser in our words. A message that none of them matches is shown as it is. */
const patterns: readonly (readonly [pattern: RegExp, describe: Describe])[] = [
  [/^unknown option '(--[^=]+)=.*'/s, describeUnknownFlag],
  [/^unknown option '(.*?)'(?:\n\(Did you mean (.*)\?\))?$/s, describeUnknownFlag],
  [
    /^unknown command '(.*?)'(?:\n\(Did you mean (.*)\?\))?$/s,
    ([, name, near]) => `unknown command ${name}${suggest(near)}`,
  ],
  [/^missing required argument '(.*)'$/, ([, name], command) => `${getCommandPath(command)} needs <${name}>`],
  [/^option '(--[\w-]+).*' argument missing$/, ([, flag]) => `${flag} needs a value`],
  [/^option '(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/s, describeWrongValue],
  [
    /^option '.*?' value '(.*)' from env '(.*?)' is invalid\. (.*)$/s,
    ([, value, name, cure]) => `${name} ${value}: ${cure}`,
  ],
  [
    /^option '(--[\w-]+).*?' cannot be used with option '(--[\w-]+).*?'$/,
    ([, a, b]) => `${a} cannot be used with ${b}`,
  ],
  [
    /^too many arguments.* Expected (\d+) arguments? but got (\d+): (.*)\.$/s,
    ([, expected, count, values], command) =>
      `${getCommandPath(command)} takes ${expected} ${expected === '1' ? 'argument' : 'arguments'}, and got ${count}: ${values}`,
  ],
]

/** Describes a mistake that the parser found: what is wrong, and what may have been meant. */
export function describeMistake(error: CommanderError, command: Command): string {
  const message = error.message.replace(/^error: /, '')
  for (const [pattern, describe] of patterns) {
    const match = pattern.exec(message)
    if (match !== null) return describe(match, command)
  }
  return message
}

function suggest(near: string | undefined): string {
  return near === undefined ? '' : `; did you mean ${near}?`
}

function findFlag(command: Command, name: string): Flag | undefined {
  return command.options.find((option) => option.long === name) as Flag | undefined
}

function describeUnknownFlag([, name = '', near]: readonly string[], command: Command): string {
  return findFlag(command, name) === undefined ? `unknown flag ${name}${suggest(near)}` : `${name} takes no value`
}

function describeWrongValue([, name = '', value, cure]: readonly string[], command: Command): string {
  const flag = findFlag(command, name)
  if (flag?.kind.isSecret === true) return `${name}: ${cure}`
  const separator = flag?.flags.includes('[=') === true ? '=' : ' '
  return `${name}${separator}${value}: ${cure}`
}

import { inspect } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { assertKnownNames } from '../../errors/known-names.ts'
import type { LaunchOptions } from '../../sandbox/host/launch-options.ts'

const knownNames: Readonly<Record<keyof LaunchOptions, true>> = { command: true, uid: true, gid: true }
/** The greatest id stands for "unchanged". */
const maxId = 2 ** 32 - 2

/** @throws {ClaimsmithError} INVALID_ARGUMENT if an option of `worker` is unknown or wrong */
export function assertLaunchOptions(options: LaunchOptions): void {
  assertKnownNames(options, 'worker', Object.keys(knownNames))
  const { command, uid, gid } = options
  if (command !== undefined && !isCommand(command)) {
    throw createArgumentError(
      `worker.command is ${inspect(command)}; give a program and its arguments, such as ['nice', '-n', '5']`,
    )
  }
  assertId('uid', uid)
  assertId('gid', gid)
}

function isCommand(command: unknown): boolean {
  return (
    Array.isArray(command) &&
    command.length > 0 &&
    command[0] !== '' &&
    command.every((part) => typeof part === 'string' && !part.includes('\0'))
  )
}

function assertId(name: 'uid' | 'gid', id: unknown): void {
  if (id === undefined) return
  if (process.platform === 'win32') throw createArgumentError(`worker.${name} does nothing on Windows; leave it out`)
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= maxId) return
  throw createArgumentError(`worker.${name} is ${inspect(id)}; give a number from 0 to ${maxId}, such as 65534`)
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { HostFunction, HostModules } from '../ports/host-modules.ts'
import { type CodecFault, decode, encode } from '../../sandbox/wire/codec.ts'
import { type HostShape, type HostShapes, hostCallPrefix } from '../../sandbox/wire/host-shape.ts'

const limits = { maxDepth: 32, maxLength: 256_000 }
const maxDepth = 5

/**
 * Describes host modules to a sandbox.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a name is not a module's, or a member is neither a function nor plain data
 */
export function buildHostShapes(modules: HostModules): HostShapes {
  const invalidName = Object.keys(modules).find((name) => !/^(@[\w-]+\/)?[\w-][\w.-]*$/.test(name))
  if (invalidName !== undefined) throw createArgumentError(`modules: ${invalidName} is no name that a rule can require`)
  return Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, buildHostShape(module, [name])]))
}

function buildHostShape(value: unknown, path: readonly string[]): HostShape {
  if (typeof value === 'function') return { call: true }
  if (!isPlain(value) || path.length > maxDepth) return { data: encodeData(value, path) }
  return {
    members: Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, buildHostShape(one, [...path, name])]),
    ),
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function encodeData(value: unknown, path: readonly string[]): string {
  try {
    return encode(value, limits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw createArgumentError(`modules: ${path.join('.')} ${fault}; give functions and plain data`)
  }
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}

/** Answers one call of a host module; arguments and result as `encode` writes them. */
export async function answerModule(modules: HostModules, name: string, body: string): Promise<string> {
  const path = name.slice(hostCallPrefix.length).split('\n')
  let receiver: unknown = undefined
  let target: unknown = modules
  for (const member of path) {
    receiver = target
    target = Object.hasOwn(Object(receiver), member) ? (receiver as Record<string, unknown>)[member] : undefined
  }
  if (typeof target !== 'function') throw new Error(`${path.join('.')} is not offered here`)
  const args = decode(body) as unknown[]
  const result = await (target as HostFunction).apply(receiver, args)
  try {
    return encode(result, limits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    throw fault === undefined ? error : new Error(`what ${path.join('.')} answers cannot be given to a rule: ${fault}`)
  }
}

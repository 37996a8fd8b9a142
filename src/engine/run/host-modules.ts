import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type CodecFault, decode, encode } from '../../sandbox/wire/codec.ts'
import { type HostShape, type HostShapes, hostCall } from '../../sandbox/wire/host-shape.ts'

/**
 * Functions of the embedder's own, and plain data, that rules get by `require(name)`. Arguments and results are plain data;
 * each function may answer with a promise, and what it throws reaches the rule as an error with its name, code and message.
 */
export type HostModules = Readonly<Record<string, HostModule>>
export interface HostModule {
  readonly [member: string]: unknown
}

type Function = (...args: unknown[]) => unknown

const limits = { maxDepth: 32, maxLength: 256_000 }
const maxDepth = 5

/**
 * What of the modules a sandbox is told.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a name that no module can have, and on what is neither function nor data
 */
export function shapesOf(modules: HostModules): HostShapes {
  const wrong = Object.keys(modules).find((name) => !/^(@[\w-]+\/)?[\w-][\w.-]*$/.test(name))
  if (wrong !== undefined) throw refused(`modules: ${wrong} is no name that a rule can require`)
  return Object.fromEntries(Object.entries(modules).map(([name, module]) => [name, shapeOf(module, [name])]))
}

function shapeOf(value: unknown, path: readonly string[]): HostShape {
  if (typeof value === 'function') return { call: true }
  if (!isPlain(value) || path.length > maxDepth) return { data: dataOf(value, path) }
  return {
    members: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one, [...path, name])])),
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function dataOf(value: unknown, path: readonly string[]): string {
  try {
    return encode(value, limits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw refused(`modules: ${path.join('.')} ${fault}; give functions and plain data`)
  }
}

function refused(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}

/** Answers one call of a host module: text in, text out, as it crosses the border. */
export async function answerModule(modules: HostModules, name: string, body: string): Promise<string> {
  const path = name.slice(hostCall.length).split('\n')
  let holder: unknown = undefined
  let found: unknown = modules
  for (const member of path) {
    holder = found
    found = Object.hasOwn(Object(holder), member) ? (holder as Record<string, unknown>)[member] : undefined
  }
  if (typeof found !== 'function') throw new Error(`${path.join('.')} is not offered here`)
  const args = decode(body) as unknown[]
  const result = await (found as Function).apply(holder, args)
  try {
    return encode(result, limits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    throw fault === undefined ? error : new Error(`what ${path.join('.')} answers cannot be given to a rule: ${fault}`)
  }
}

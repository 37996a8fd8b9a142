import { decode, encode } from '../../wire/codec.ts'
import { type HostShape, hostCallPrefix } from '../../wire/host-shape.ts'
import { native } from './native.ts'

type NodeCallback = (error: unknown, result?: unknown) => void

const limits = { maxDepth: 32, maxLength: 256_000 }

/** A module of the embedder as rules see it: its functions return a promise, or call back if they get a callback. */
export function hostModule(shape: HostShape, path: readonly string[]): unknown {
  if ('call' in shape) return createHostFunction(path)
  if ('data' in shape) return decode(shape.data)
  const members = Object.entries(shape.members).map(([name, one]) => [name, hostModule(one, [...path, name])])
  return Object.freeze(Object.fromEntries(members))
}

function createHostFunction(path: readonly string[]): unknown {
  const name = `${hostCallPrefix}${path.join('\n')}`
  return Object.freeze(function call(...args: unknown[]): Promise<unknown> | undefined {
    const last = args.at(-1)
    if (typeof last !== 'function') return callHost(name, path, args)
    callHost(name, path, args.slice(0, -1)).then(
      (result) => (last as NodeCallback)(null, result),
      (error: unknown) => (last as NodeCallback)(error),
    )
    return undefined
  })
}

async function callHost(name: string, path: readonly string[], args: readonly unknown[]): Promise<unknown> {
  return decode(await native.ops.begin(name, encodeArguments(path, args)))
}

function encodeArguments(path: readonly string[], args: readonly unknown[]): string {
  try {
    return encode([...args], limits)
  } catch (error) {
    const { fault } = error as { readonly fault?: string }
    if (fault === undefined) throw error
    throw new TypeError(`an argument of ${path.join('.')} is no plain data: ${fault}`, { cause: error })
  }
}

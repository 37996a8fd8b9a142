import { askCrypto, runLater, toBuffer } from './ask.ts'

type Callback = (error: unknown, result?: unknown) => void

const readRandomBytes = (size: number): Buffer => Buffer.from(askCrypto<string>('random', { size }), 'base64')

export function randomBytes(size: number, callback?: Callback): Buffer | undefined {
  if (callback === undefined) return readRandomBytes(size)
  runLater(() => readRandomBytes(size), callback)
  return undefined
}

export function randomFillSync<Target extends ArrayBufferView>(target: Target): Target {
  toBuffer(target).set(readRandomBytes(target.byteLength))
  return target
}

export function randomFill(target: ArrayBufferView, callback: Callback): void {
  runLater(() => randomFillSync(target), callback)
}

export const randomUUID = (): string => askCrypto('uuid', {})

export function randomInt(min: number, max?: number | Callback, callback?: Callback): number | undefined {
  const [from, to] = typeof max === 'number' ? [min, max] : [0, min]
  const finalCallback = typeof max === 'function' ? max : callback
  const drawInt = (): number => askCrypto('randomInt', { min: from, max: to })
  if (finalCallback === undefined) return drawInt()
  runLater(drawInt, finalCallback)
  return undefined
}

export function timingSafeEqual(one: unknown, other: unknown): boolean {
  return askCrypto('equal', { one: toBuffer(one).toString('base64'), other: toBuffer(other).toString('base64') })
}

import { askCrypto, later, toBuffer } from './ask.ts'

type Callback = (error: unknown, result?: unknown) => void

const draw = (size: number): Buffer => Buffer.from(askCrypto<string>('random', { size }), 'base64')

export function randomBytes(size: number, callback?: Callback): Buffer | undefined {
  if (callback === undefined) return draw(size)
  later(() => draw(size), callback)
  return undefined
}

export function randomFillSync<Target extends ArrayBufferView>(target: Target): Target {
  toBuffer(target).set(draw(target.byteLength))
  return target
}

export function randomFill(target: ArrayBufferView, callback: Callback): void {
  later(() => randomFillSync(target), callback)
}

export const randomUUID = (): string => askCrypto('uuid', {})

export function randomInt(min: number, max?: number | Callback, callback?: Callback): number | undefined {
  const [from, to] = typeof max === 'number' ? [min, max] : [0, min]
  const done = typeof max === 'function' ? max : callback
  const work = (): number => askCrypto('randomInt', { min: from, max: to })
  if (done === undefined) return work()
  later(work, done)
  return undefined
}

export function timingSafeEqual(one: unknown, other: unknown): boolean {
  return askCrypto('equal', { one: toBuffer(one).toString('base64'), other: toBuffer(other).toString('base64') })
}

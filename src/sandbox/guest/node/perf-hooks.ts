import { native } from './native.ts'

export const performance = {
  now: (): number => Date.now() - native.originMs(),
  get timeOrigin(): number {
    return native.originMs()
  },
}

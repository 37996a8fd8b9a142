import { type BootInput, type Realm, bootRealm } from './boot.ts'
import { closeOpenings, closeToJson } from './realm/close-openings.ts'

/** A realm for one login, with builtins that rules may change; it is thrown away afterwards. */
export function boot(...input: BootInput): Realm {
  closeOpenings(globalThis)
  closeToJson()
  const close = () => () => undefined
  return bootRealm({ once: true, close, seal: () => ({ restore: () => true }) }, input)
}

import 'ses'
import { type BootInput, type Realm, bootRealm } from './boot.ts'
import { closeOpenings } from './realm/close-openings.ts'
import { createSeal, harden } from './realm/realm.ts'

/** A realm that serves one login after another: its builtins are frozen, and its global object is restored in between. */
export function boot(...input: BootInput): Realm {
  closeOpenings(globalThis)
  return bootRealm({ once: false, close: harden, seal: createSeal }, input)
}

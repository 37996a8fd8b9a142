import type { NativeAccess } from '../boot.ts'

/** The parameter of the function that the bundle is wrapped in. */
declare const __claimsmith: NativeAccess

/** What our replacements for Node's modules reach the host through. */
export const native: NativeAccess = __claimsmith

import type { NativeAccess } from '../realm/native-access.ts'

/** The parameter of the function that the bundle is wrapped in. */
declare const __claimsmith: NativeAccess

/** The host access of our replacements for Node's modules. */
export const native: NativeAccess = __claimsmith

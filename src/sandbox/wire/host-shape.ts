/** Description of an embedder's module for a realm: where its functions are, and its data as `encode` wrote it. */
export type HostShape =
  | { readonly call: true }
  | { readonly data: string }
  | { readonly members: Readonly<Record<string, HostShape>> }

export type HostShapes = Readonly<Record<string, HostShape>>

/** Prefix of the name of a call into a host module. The path follows, one member per line. */
export const hostCallPrefix = 'modules.'

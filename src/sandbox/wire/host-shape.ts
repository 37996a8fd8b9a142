/** What a realm is told of a module of the embedder's: where its functions are, and its data as `encode` wrote it. */
export type HostShape =
  | { readonly call: true }
  | { readonly data: string }
  | { readonly members: Readonly<Record<string, HostShape>> }

export type HostShapes = Readonly<Record<string, HostShape>>

/** What the name of a call into a host module begins with; the path follows, its members on a line each. */
export const hostCallPrefix = 'modules.'

import type { HostShapes } from './host-shape.ts'

/** What the rules of a ruleset ask for. */
export interface ModuleRequest {
  /** As rules wrote them in `require('…')`. */
  readonly specifiers: readonly string[]
  /** The names that rules take from outside themselves. */
  readonly names: readonly string[]
  /** Modules of the embedder's own; they go before packages of the same name. */
  readonly host?: HostShapes
  /** Where to look for packages, the first first: folders that have, or are below one that has, a `node_modules`. */
  readonly folders: readonly string[]
}

/** The modules of a ruleset, as its realms need them. */
export interface ProgramModules {
  /** SHA-256 of the rest, in hexadecimal. */
  readonly hash: string
  /** A script whose value is a function from the guest's native access to a table: specifier, or `global NAME`, to a thunk. */
  readonly code: string
  /** The names to put into the realm. */
  readonly globals: readonly string[]
  /** What is required and cannot be had; `global NAME` stands for a name that rules take from outside themselves. */
  readonly failures: Readonly<Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'>>
  /** Of some of these, what is wrong and what to do about it. */
  readonly reasons: Readonly<Record<string, string>>
}

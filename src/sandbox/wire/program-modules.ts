import type { ProvidedModules } from './guest-contract.ts'
import type { HostShapes } from './host-shape.ts'

/** The modules that the rules of a ruleset use. */
export interface ModuleRequest {
  /** Arguments of `require` in the rules. */
  readonly specifiers: readonly string[]
  /** Names that the rules use and do not define. They may be Auth0's globals. */
  readonly names: readonly string[]
  /** Modules of the embedder; they take precedence over packages of the same name. */
  readonly host?: HostShapes
  /** Where to look for packages, in this order: folders with a `node_modules` in them or above them. */
  readonly folders: readonly string[]
}

/** The modules of a ruleset, as its realms need them. */
export interface ProgramModules {
  /** Hexadecimal SHA-256 of the other members. */
  readonly hash: string
  /** A script. Its value is a `ModuleFactory` of the guest. The keys of the table are specifiers and `global NAME`. */
  readonly code: string
  /** Names to define as globals of the realm. */
  readonly globals: readonly string[]
  /** The keys of the table whose modules are packages of the user, or need one. */
  readonly userModules: readonly string[]
  /** Modules that rules use and cannot get, by specifier or `global NAME`. */
  readonly failures: Readonly<Record<string, 'MODULE_NOT_FOUND' | 'MODULE_REFUSED'>>
  /** For some of these, what is wrong and how to fix it. */
  readonly reasons: Readonly<Record<string, string>>
  readonly provided: ProvidedModules
}

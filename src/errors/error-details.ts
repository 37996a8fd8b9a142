import type { ErrorCode } from './codes.ts'

/** Where a script or a file is wrong; lines and columns count from 1. */
export interface SourcePosition {
  readonly rule?: string | number
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly field?: string
  readonly path?: string
  readonly expected?: string
}

/** Which value of an option or of a body is wrong. */
interface ArgumentDetails {
  /** A JSON pointer. */
  readonly path?: string
  readonly expected?: string
  /** The name of a limit, and its range. */
  readonly limit?: string
  readonly least?: number
  readonly most?: number
  readonly host?: string
  readonly port?: number
}

interface KnownDetails {
  readonly INVALID_ARGUMENT: ArgumentDetails
  readonly INVALID_LOGIN: ArgumentDetails
  readonly INVALID_RECORDING: ArgumentDetails
  readonly INVALID_OVERLAY: { readonly attribute?: string; readonly column?: number; readonly expected?: string }
  /** `position` is an offset in the query. */
  readonly INVALID_QUERY: { readonly position?: number }
  readonly INVALID_RULESET: SourcePosition
  readonly INVALID_TOKEN: { readonly reason?: string }
  /** What the limit allows, and what was to be used. */
  readonly LIMIT_EXCEEDED: { readonly limit: string; readonly value: number; readonly used: number }
  /** The package to install. */
  readonly PACKAGE_MISSING: { readonly package: string }
  readonly RULE_SYNTAX: SourcePosition
  readonly STORE_CONFLICT: { readonly field?: string }
  readonly TOKEN_TOO_LARGE: { readonly bytes?: number; readonly maxBytes?: number }
}

/** Facts for programs about an error of this code. Never a secret, a token or a profile. */
export type ErrorDetails<Code extends ErrorCode> = Code extends keyof KnownDetails
  ? KnownDetails[Code]
  : Readonly<Record<string, never>>

import type { Login } from '../../worker/run/login.ts'

export type Settle = (ok: boolean, body: string) => void

/** An op as a service gets it. */
export interface Asked {
  readonly op: number
  readonly input: string
  /** Whom it counts for. */
  readonly payer: Login
  /** Those that may have asked for it. */
  readonly waiting: ReadonlySet<Login>
}

/** Begins the work of an op; answers how to give it up. Throws a `FetchRefusal` where a limit stands against it. */
export type Service = (asked: Asked, settle: Settle) => () => void

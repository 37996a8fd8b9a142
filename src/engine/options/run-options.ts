import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type CodecFault, encode } from '../../sandbox/wire/codec.ts'
import type { RunOverrides, LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type { ResumePoint } from '../../sandbox/wire/resume-point.ts'

/**
 * Options of one login.
 *
 * @example
 * await engine.run(login, { wallMs: 2_500, seed: 'a test', time: { startMs: Date.parse('2026-01-31'), moves: false } })
 */
export interface RunOptions {
  /** The time limit of all rules of this login, if it is shorter than `limits.wallPerLoginMs`. */
  readonly wallMs?: number
  /** The time that its rules see in `Date`. Default: the machine's. */
  readonly time?: LoginClock
  /** Derives all randomness of its rules from this text. Whoever knows the text can predict it: for tests and replays. */
  readonly seed?: string
  /** What its rules find on `global`, as plain data, instead of what other logins left there. */
  readonly global?: Readonly<Record<string, unknown>>
  /**
   * The login has no effect:
   *
   * - What rules save is answered as if it were saved.
   * - Requests other than GET and HEAD are refused, and host modules are not called.
   * - `auth0.accessToken` is absent.
   * - It is not recorded, and not suspended if a rule redirects.
   */
  readonly dry?: boolean
  /** Where a suspended login continues; a recording holds it. */
  readonly resumePoint?: ResumePoint
}

/** The range of ECMAScript's dates, in both directions. */
const maxTimeMs = 8.64e15

/**
 * Builds what a login gets instead of the machine's time and randomness, and of other logins' `global`; undefined if it gets
 * those.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if `time` is not a time, or `global` is not plain data
 */
export function buildRunOverrides(
  { time, seed, global, dry = false }: RunOptions,
  limits: { readonly maxDepth: number; readonly maxOutputBytes: number },
): RunOverrides | undefined {
  if (time === undefined && seed === undefined && global === undefined && !dry) return undefined
  const codecLimits = { maxDepth: limits.maxDepth, maxLength: limits.maxOutputBytes }
  return {
    ...(time === undefined ? {} : { clock: validateTime(time) }),
    ...(seed === undefined ? {} : { seed }),
    ...(dry ? { isReadOnly: true } : {}),
    ...(global === undefined
      ? {}
      : {
          shared: Object.fromEntries(
            Object.entries(global).map(([name, value]) => [name, encodeGlobal(name, value, codecLimits)]),
          ),
        }),
  }
}

function validateTime(time: LoginClock): LoginClock {
  const { startMs } = time
  if (typeof startMs === 'number' && Math.abs(startMs) <= maxTimeMs) return time
  const message = `time.startMs is ${String(startMs)}; give milliseconds since 1970, such as Date.parse('2026-01-31')`
  throw new ClaimsmithError('INVALID_ARGUMENT', message)
}

function encodeGlobal(name: string, value: unknown, limits: Parameters<typeof encode>[1]): string {
  try {
    return encode(value, limits)
  } catch (error) {
    const { fault } = error as Partial<CodecFault>
    if (fault === undefined) throw error
    throw new ClaimsmithError('INVALID_ARGUMENT', `global.${name} cannot be given to rules: ${fault}`, { cause: error })
  }
}

import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type CodecFault, encode } from '../../sandbox/wire/codec.ts'
import type { RunOverrides, LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type { ResumePoint } from '../../sandbox/wire/resume-point.ts'

export interface RunOptions {
  /** The time of all rules of this login, where it is to be shorter than `limits.wallPerLoginMs`. */
  readonly wallMs?: number
  /** The time that its rules see, in `Date` and all that builds on it. Default: the machine's. */
  readonly time?: LoginClock
  /** Makes what its rules draw at random follow from this text, which whoever knows it can foretell: for tests and replays. */
  readonly seed?: string
  /** What its rules find on `global`, as plain data, in the place of what other logins of theirs left there. */
  readonly global?: Readonly<Record<string, unknown>>
  /**
   * Nothing comes of it: what rules save is answered as if it were saved, requests other than GET and HEAD are refused, host
   * modules are not called, `auth0.accessToken` is absent, and it is neither recorded nor kept where a rule redirects.
   */
  readonly dry?: boolean
  /** Where a login goes on that was suspended, as its recording tells. */
  readonly resumePoint?: ResumePoint
}

/** What ECMAScript's dates reach, in both directions. */
const maxTimeMs = 8.64e15

/**
 * What a login finds in the place of the machine's time and randomness, and of other logins' `global`; undefined where that
 * is nothing.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a clock that shows no time, and on a `global` that is no data
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

import type { PrepareOptions } from './boot.ts'
import type { ModuleFactory } from './realm/native-access.ts'
import type { boot as bootSnapshot } from './snapshot.ts'

/** How often the clock was read. */
let clockCount = 0
/** How often random numbers, or the host, were asked for. */
let readCount = 0
const countClock = (): void => {
  clockCount++
}

const NativeDate = Date
const { random } = Math
const { now } = NativeDate

/** Counts each reading of the clock and of random numbers from now on. */
function watchBuiltins(): void {
  const WatchedDate = new Proxy(NativeDate, {
    construct(target, args, newTarget) {
      if (args.length === 0) countClock()
      return Reflect.construct(target, args, newTarget) as object
    },
    apply(target) {
      countClock()
      return target()
    },
  })
  NativeDate.prototype.constructor = WatchedDate
  NativeDate.now = () => {
    countClock()
    return now()
  }
  globalThis.Date = WatchedDate
  Math.random = () => {
    readCount++
    return random()
  }
  const { prototype } = Intl.DateTimeFormat
  for (const name of ['format', 'formatToParts'] as const) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!
    const key = descriptor.get === undefined ? 'value' : 'get'
    const original = descriptor[key] as (...args: unknown[]) => unknown
    // A getter is counted when it is read: nobody reads it to format a date of the past while a module starts.
    const watched = function watched(this: unknown, ...args: unknown[]): unknown {
      countClock()
      return Reflect.apply(original, this, args)
    }
    Object.defineProperty(prototype, name, { ...descriptor, [key]: watched })
  }
}

watchBuiltins()

/**
 * Starts the modules as a snapshot would, and returns the JSON of the names of those that read the clock, random numbers, or
 * ask the host meanwhile. What they read must not be the same in two logins, so they start in each context.
 *
 * `answer` is the host for questions whose answer is always the same; it returns undefined for all others.
 *
 * This script is evaluated before all others of its context: they save the builtins. Modules may also read something in a
 * microtask. Then `claimsmithHasRead` says so afterwards.
 */
export function boot(
  prepare: typeof bootSnapshot,
  optionsText: string,
  bundle: ModuleFactory,
  answer: (question: string, name: string, input: string) => string | undefined,
): string {
  const options = JSON.parse(optionsText) as PrepareOptions & { readonly clockReaders: readonly string[] }
  const names: string[] = []
  const watchedBundle: ModuleFactory = (native) => {
    const entries = Object.entries(bundle(native)).map(([name, start]): [string, () => unknown] => [
      name,
      () => {
        const before = [readCount, clockCount]
        try {
          return start()
        } finally {
          const hasReadClock = clockCount !== before[1] && !options.clockReaders.includes(name)
          if (readCount !== before[0] || hasReadClock) names.push(name)
        }
      },
    ])
    return Object.fromEntries(entries)
  }
  prepare(options, watchedBundle, (call, name, input) => {
    const text = answer(call, `${name}`, `${input}`)
    if (text !== undefined) return text
    readCount++
    return '!{"message":"there is no host yet"}'
  })
  const countAtEnd = readCount + clockCount
  Object.defineProperty(globalThis, 'claimsmithHasRead', { value: () => readCount + clockCount > countAtEnd })
  return JSON.stringify(names)
}

import type { GuestLimits, Host } from '../../wire/guest-contract.ts'
import { format } from './inspect.ts'
import { sliceText } from '../../wire/primordials.ts'

export interface GuestConsole {
  readonly console: object
  reset(): void
}

/**
 * `console`: sends each line with its level to the host. The log limits are checked here, so that a flood never leaves
 * the isolate.
 */
export function createConsole(host: Host, limits: GuestLimits): GuestConsole {
  let lines = 0
  let characters = 0

  function write(level: string, values: readonly unknown[]): void {
    if (lines >= limits.maxLogLines || characters >= limits.maxLogBytes) return
    let text = sliceText(formatSafely(values), 0, limits.maxLogBytes - characters)
    lines++
    characters += text.length
    if (lines >= limits.maxLogLines || characters >= limits.maxLogBytes) text += ' … (the log limit is reached)'
    host('log', level, text)
  }

  const console = {
    debug: (...values: unknown[]) => write('debug', values),
    log: (...values: unknown[]) => write('log', values),
    info: (...values: unknown[]) => write('info', values),
    warn: (...values: unknown[]) => write('warn', values),
    error: (...values: unknown[]) => write('error', values),
    trace: (...values: unknown[]) => write('debug', values),
    dir: (value: unknown) => write('log', [value]),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) write('error', ['Assertion failed', ...values])
    },
    table: (value: unknown) => write('log', [value]),
    group: (...values: unknown[]) => write('log', values),
    groupEnd: () => undefined,
    time: () => undefined,
    timeEnd: () => undefined,
    timeLog: () => undefined,
    count: () => undefined,
  }

  return {
    console,
    reset() {
      lines = 0
      characters = 0
    },
  }
}

/** Formatting reads objects of a rule, which may throw; a log call must not. */
function formatSafely(values: readonly unknown[]): string {
  try {
    return format(values)
  } catch {
    return '[this cannot be printed]'
  }
}

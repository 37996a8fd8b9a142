import { native } from './native.ts'

/** `diagnostics_channel` without subscribers: publishing has no effect. */
interface Channel {
  readonly name: string
  readonly hasSubscribers: false
  publish(): void
  subscribe(): void
  unsubscribe(): boolean
  runStores(context: unknown, work: Work, self?: unknown, ...args: readonly unknown[]): unknown
}

type Work = (...args: readonly unknown[]) => unknown

const channels = new Map<string, Channel>()
native.onLogin(() => channels.clear())

export function channel(name: string): Channel {
  const existing = channels.get(name)
  if (existing !== undefined) return existing
  const newChannel: Channel = {
    name,
    hasSubscribers: false,
    publish: () => undefined,
    subscribe: () => undefined,
    unsubscribe: () => false,
    runStores: (_context, work, self, ...args) => Reflect.apply(work, self, args),
  }
  channels.set(name, newChannel)
  return newChannel
}

export function tracingChannel(name: string): object {
  const run = (work: Work, _context?: unknown, self?: unknown, ...args: readonly unknown[]): unknown =>
    Reflect.apply(work, self, args)
  const parts = ['start', 'end', 'asyncStart', 'asyncEnd', 'error']
  return {
    ...Object.fromEntries(parts.map((part) => [part, channel(`tracing:${name}:${part}`)])),
    hasSubscribers: false,
    subscribe: () => undefined,
    unsubscribe: () => false,
    traceSync: run,
    tracePromise: run,
    traceCallback: (work: Work, _position?: number, ...rest: readonly unknown[]) => run(work, ...rest),
  }
}

export const hasSubscribers = (): boolean => false
export const subscribe = (): void => undefined
export const unsubscribe = (): boolean => false

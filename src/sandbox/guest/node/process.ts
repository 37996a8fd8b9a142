import { native } from './native.ts'

/** `process` as modules and rules see it. It says almost nothing about the real process. */
declare const __claimsmithNodeVersion: string

const getUptimeMs = (): number => Date.now() - native.originMs()

function hrtime(since: readonly [number, number] = [0, 0]): [number, number] {
  const nowMs = getUptimeMs()
  const nanoseconds = (nowMs % 1000) * 1e6 - since[1]
  const borrow = nanoseconds < 0 ? 1 : 0
  return [Math.floor(nowMs / 1000) - since[0] - borrow, nanoseconds + borrow * 1e9]
}

hrtime.bigint = (): bigint => BigInt(getUptimeMs()) * 1_000_000n

/** Members through which a module could reach the internals of Node. */
function refuse(): never {
  const message = 'process.binding is internal to Node, and rules may not use it; use a module that is plain JavaScript'
  throw Object.assign(new Error(message), { code: 'MODULE_REFUSED' })
}

function self(this: unknown): unknown {
  return this
}

const process = {
  [Symbol.toStringTag]: 'process',
  title: 'node',
  version: __claimsmithNodeVersion,
  versions: { node: __claimsmithNodeVersion.slice(1) },
  release: { name: 'node' },
  platform: 'linux',
  arch: 'x64',
  pid: 1,
  argv: ['node'],
  execArgv: [],
  env: {},
  exitCode: undefined,
  nextTick: (job: (...args: unknown[]) => unknown, ...args: unknown[]): void => queueMicrotask(() => job(...args)),
  hrtime,
  binding: refuse,
  _linkedBinding: refuse,
  dlopen: refuse,
  cwd: (): string => '/',
  uptime: (): number => getUptimeMs() / 1000,
  memoryUsage: (): object => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  constrainedMemory: (): number => 0,
  emitWarning(): void {},
  on: self,
  once: self,
  off: self,
  addListener: self,
  removeListener: self,
  removeAllListeners: self,
  emit: (): boolean => false,
  listeners: (): unknown[] => [],
  // oxlint-disable-next-line no-console -- it is the rule's own console
  stdout: { isTTY: false, write: (text: string): boolean => (console.log(text), true) },
  // oxlint-disable-next-line no-console -- it is the rule's own console
  stderr: { isTTY: false, write: (text: string): boolean => (console.error(text), true) },
}

export { process }

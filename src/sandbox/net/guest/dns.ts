import type { WireRecords, WireResolve } from '../connection-messages.ts'
import { native } from '../../guest/node/native.ts'
import { toConnectError, type HostFailure, toHostError } from '../../guest/node/system-error.ts'

/** DNS queries of the host. They return only addresses that rules may connect to. */
type Callback = (error: Error | null, ...answer: readonly unknown[]) => void

interface LookupOptions {
  readonly all?: boolean
  readonly family?: number | string
}

interface Address {
  readonly address: string
  readonly family: 4 | 6
}

async function queryRecords<Type extends WireResolve['type']>(name: string, type: Type): Promise<WireRecords[Type]> {
  try {
    const input = { name, type } satisfies WireResolve
    return JSON.parse(await native.ops.begin('socket.resolve', JSON.stringify(input))) as WireRecords[Type]
  } catch (error) {
    throw toConnectError(error as HostFailure, name, 0)
  }
}

async function resolveAddresses(name: string, family?: number | string): Promise<readonly [Address, ...Address[]]> {
  const wantedFamily = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined
  const addresses = await queryRecords(name, 'ADDRESS')
  const matching = addresses
    .map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 }))
    .filter((one) => wantedFamily === undefined || one.family === wantedFamily)
  const [first, ...more] = matching
  if (first === undefined) throw toConnectError({ code: 'ENOTFOUND', message: '' }, name, 0)
  return [first, ...more]
}

function lookup(name: string, ...rest: [Callback] | [LookupOptions | number, Callback]): void {
  const callback = rest.at(-1) as Callback
  const input = rest.length === 2 ? rest[0] : {}
  const options = typeof input === 'number' ? { family: input } : input
  callLater(resolveAddresses(name, options.family), callback, ([first, ...more]) =>
    options.all === true ? [[first, ...more]] : [first.address, first.family],
  )
}

/** Calls back outside of the promise: an error that the callback throws fails the rule. */
function callLater<Result>(
  work: Promise<Result>,
  callback: Callback,
  toCallbackArguments: (result: Result) => readonly unknown[],
): void {
  work.then(
    (result) => queueMicrotask(() => callback(null, ...toCallbackArguments(result))),
    (error: unknown) => queueMicrotask(() => callback(error as Error)),
  )
}

async function lookupAsync(name: string, { all = false, family }: LookupOptions = {}): Promise<unknown> {
  const addresses = await resolveAddresses(name, family)
  return all ? addresses : addresses[0]
}

async function resolveRecords(name: string, type = 'A'): Promise<unknown> {
  switch (type) {
    case 'SRV':
    case 'TXT':
      return queryRecords(name, type)
    case 'A':
      return (await resolveAddresses(name, 4)).map(({ address }) => address)
    case 'AAAA':
      return (await resolveAddresses(name, 6)).map(({ address }) => address)
    default:
      throw toHostError({ code: 'MODULE_REFUSED', message: `a rule may not ask for records of the type ${type}` })
  }
}

const withCallback =
  (work: (name: string) => Promise<unknown>) =>
  (name: string, callback: Callback): void =>
    callLater(work(name), callback, (records) => [records])

function resolve(name: string, ...rest: [Callback] | [string, Callback]): void {
  const type = rest.length === 2 ? rest[0] : 'A'
  withCallback((one) => resolveRecords(one, type))(name, rest.at(-1) as Callback)
}

const resolve4 = (name: string): Promise<unknown> => resolveRecords(name, 'A')
const resolve6 = (name: string): Promise<unknown> => resolveRecords(name, 'AAAA')
const resolveSrv = (name: string): Promise<unknown> => resolveRecords(name, 'SRV')
const resolveTxt = (name: string): Promise<unknown> => resolveRecords(name, 'TXT')

export const promises = { lookup: lookupAsync, resolve: resolveRecords, resolve4, resolve6, resolveSrv, resolveTxt }

const resolve4Callback = withCallback(resolve4)
const resolve6Callback = withCallback(resolve6)
const resolveSrvCallback = withCallback(resolveSrv)
const resolveTxtCallback = withCallback(resolveTxt)
export {
  resolve4Callback as resolve4,
  lookup,
  resolve,
  resolve6Callback as resolve6,
  resolveSrvCallback as resolveSrv,
  resolveTxtCallback as resolveTxt,
}

export const NOTFOUND = 'ENOTFOUND'
export const NODATA = 'ENODATA'
export const TIMEOUT = 'ETIMEOUT'
export const CANCELLED = 'ECANCELLED'
export const ADDRCONFIG = 1024

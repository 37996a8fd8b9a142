import type { WireRecords, WireResolve } from '../connection-messages.ts'
import { native } from '../../guest/node/native.ts'
import { connectError, type HostFailure, hostError } from '../../guest/node/system-error.ts'

/** Questions to the name server, which the host asks: addresses come only where rules may connect to them. */
type Callback = (error: Error | null, ...answer: readonly unknown[]) => void

interface LookupOptions {
  readonly all?: boolean
  readonly family?: number | string
}

interface Address {
  readonly address: string
  readonly family: 4 | 6
}

async function ask<Type extends WireResolve['type']>(name: string, type: Type): Promise<WireRecords[Type]> {
  try {
    const input = { name, type } satisfies WireResolve
    return JSON.parse(await native.ops.begin('socket.resolve', JSON.stringify(input))) as WireRecords[Type]
  } catch (error) {
    throw connectError(error as HostFailure, name, 0)
  }
}

async function addressesOf(name: string, family?: number | string): Promise<readonly [Address, ...Address[]]> {
  const wanted = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined
  const found = await ask(name, 'ADDRESS')
  const fitting = found
    .map((address): Address => ({ address, family: address.includes(':') ? 6 : 4 }))
    .filter((one) => wanted === undefined || one.family === wanted)
  const [first, ...more] = fitting
  if (first === undefined) throw connectError({ code: 'ENOTFOUND', message: '' }, name, 0)
  return [first, ...more]
}

function lookup(name: string, ...rest: [Callback] | [LookupOptions | number, Callback]): void {
  const callback = rest.at(-1) as Callback
  const given = rest.length === 2 ? rest[0] : {}
  const options = typeof given === 'number' ? { family: given } : given
  callLater(addressesOf(name, options.family), callback, ([first, ...more]) =>
    options.all === true ? [[first, ...more]] : [first.address, first.family],
  )
}

/** What a callback throws is the rule's failure, and no promise's. */
function callLater<Found>(
  work: Promise<Found>,
  callback: Callback,
  answerOf: (found: Found) => readonly unknown[],
): void {
  work.then(
    (found) => queueMicrotask(() => callback(null, ...answerOf(found))),
    (error: unknown) => queueMicrotask(() => callback(error as Error)),
  )
}

async function lookupOf(name: string, { all = false, family }: LookupOptions = {}): Promise<unknown> {
  const found = await addressesOf(name, family)
  return all ? found : found[0]
}

async function resolveRecords(name: string, type = 'A'): Promise<unknown> {
  switch (type) {
    case 'SRV':
    case 'TXT':
      return ask(name, type)
    case 'A':
      return (await addressesOf(name, 4)).map(({ address }) => address)
    case 'AAAA':
      return (await addressesOf(name, 6)).map(({ address }) => address)
    default:
      throw hostError({ code: 'MODULE_REFUSED', message: `a rule may not ask for records of the type ${type}` })
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

export const promises = { lookup: lookupOf, resolve: resolveRecords, resolve4, resolve6, resolveSrv, resolveTxt }

const four = withCallback(resolve4)
const six = withCallback(resolve6)
const srv = withCallback(resolveSrv)
const txt = withCallback(resolveTxt)
export { four as resolve4, lookup, resolve, six as resolve6, srv as resolveSrv, txt as resolveTxt }

export const NOTFOUND = 'ENOTFOUND'
export const NODATA = 'ENODATA'
export const TIMEOUT = 'ETIMEOUT'
export const CANCELLED = 'ECANCELLED'
export const ADDRCONFIG = 1024

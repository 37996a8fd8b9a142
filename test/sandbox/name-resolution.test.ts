import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findHostsEntries } from '../../src/sandbox/net/hosts-file.ts'
import { resolveAddresses } from '../../src/sandbox/net/worker/resolve-addresses.ts'
import { createSubtleService } from '../../src/sandbox/worker/calls/subtle-service.ts'

/** A name server that knows `crm.test` by 192.0.2.7 and 2001:db8::7. */
const nameServer = createSocket('udp4')
const servers: string[] = []

nameServer.on('message', (query, { port, address }) => {
  const type = query.readUInt16BE(query.indexOf(0, 12) + 1)
  const isKnown = query.subarray(12).toString('latin1').startsWith('\x03crm\x04test\x00')
  const record = type === 1 ? Buffer.from([192, 0, 2, 7]) : Buffer.from('20010db8000000000000000000000007', 'hex')
  const question = query.subarray(12, query.indexOf(0, 12) + 5)
  const head = Buffer.from(query.subarray(0, 12))
  head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(isKnown ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  const meta = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, record.length])
  nameServer.send(Buffer.concat([head, question, ...(isKnown ? [meta, record] : [])]), port, address)
})

beforeAll(async () => {
  nameServer.bind(0, '127.0.0.1')
  await once(nameServer, 'listening')
  servers.push(`127.0.0.1:${nameServer.address().port}`)
})
afterAll(() => void nameServer.close())

test('a name is found in the hosts file first, then by DNS, then by the system', async () => {
  const hostsText = '127.0.0.1 localhost\n10.0.0.5\tCRM.test crm # ours\n'
  expect(await resolveAddresses('crm.test', { servers, hostsText })).toEqual(['10.0.0.5'])
  expect(await resolveAddresses('crm.test', { servers, hostsText: '' })).toEqual(['192.0.2.7', '2001:db8::7'])
  expect(await resolveAddresses('crm.test.', { servers, hostsText: '' })).toEqual(['192.0.2.7', '2001:db8::7'])
  expect(await resolveAddresses('localhost', { servers, hostsText: '' })).toContain('127.0.0.1')
  expect(await resolveAddresses('192.0.2.1', { servers })).toEqual(['192.0.2.1'])
  await expect(resolveAddresses('unknown.invalid', { servers, hostsText: '' })).rejects.toMatchObject({
    code: 'ENOTFOUND',
  })
})

test('a hosts file is read as the system reads it', () => {
  const text = '# 10.0.0.1 crm\n::1 crm localhost\r\n10.0.0.2  crm\n10.0.0.2 crm\nfe80::1%lo0 crm\n\n10.0.0.3 crm2'
  expect(findHostsEntries(text, 'CRM')).toEqual(['10.0.0.2', '::1'])
  expect(findHostsEntries(text, '')).toEqual([])
})

test('a few calls of crypto.subtle run at once, in order; one whose login has ended never starts', async () => {
  const service = createSubtleService()
  const settled: number[] = []
  const charged: number[] = []
  const owner = { budget: { charge: ({ cpuMs }: { cpuMs: number }) => charged.push(cpuMs) } }
  const input = JSON.stringify({ call: 'digest', algorithm: { name: 'SHA-256' }, data: 'AAAA' })
  const begin = (op: number): (() => void) =>
    service({ op, input, owner, egress: {}, waiters: new Set() } as never, () => settled.push(op))
  const stops = [1, 2, 3, 4, 5].map(begin)
  stops[3]?.()
  while (settled.length < 4) await delay(1)
  expect(new Set(settled)).toEqual(new Set([1, 2, 3, 5]))
  expect(charged).toHaveLength(5)
})
